import type { ChalkInstance } from 'chalk';
import type { MatrixCell, MatrixReport, RequirementName } from '../../network/index.ts';
import { REQUIREMENTS } from './requirements.ts';
import { table } from './table.ts';

/** One row per kind of path, one column per node that probes: how many cells hold. Then the verdicts, then the cells. */
export function matrixText(report: MatrixReport, detail: 'all' | 'failed', style: ChalkInstance): string {
  const origins = [...new Set(report.cells.map(({ from }) => originOf(from)))];
  const rows = [...new Set(report.cells.map(rowKey))].map((key) => {
    const cells = report.cells.filter((cell) => rowKey(cell) === key);
    const [row = '', path = '', protocol = ''] = key.split('\u0000');
    return [
      row,
      path,
      protocol,
      ...origins.map((origin) =>
        tally(
          cells.filter(({ from }) => originOf(from) === origin),
          style,
        ),
      ),
    ];
  });
  return [
    table(['row', 'path', 'protocol', ...origins], rows, style),
    verdicts(report, style),
    cellLines(report.cells, detail, style),
    style.dim(`${String(report.cells.length)} cells in ${(report.tookMs / 1000).toFixed(1)} s\n`),
  ].join('\n');
}

function originOf(from: string): string {
  return from.split('/')[0] ?? from;
}

function rowKey({ row, path, protocol }: MatrixCell): string {
  return [row, path, protocol].join('\u0000');
}

function tally(cells: readonly MatrixCell[], style: ChalkInstance): string {
  const measured = cells.filter(({ skipped }) => skipped === undefined);
  if (cells.length === 0) return style.dim('·');
  if (measured.length === 0) return style.dim('skipped');
  const good = measured.filter(({ ok }) => ok).length;
  const text = `${String(good)}/${String(measured.length)}`;
  return good === measured.length ? style.green(text) : style.red(text);
}

function verdicts({ requirements }: MatrixReport, style: ChalkInstance): string {
  const lines = Object.entries(requirements).map(([name, { ok, cells, failed }]) => {
    const count = `${String(cells - failed.length)}/${String(cells)}`;
    return `${ok ? style.green('✓') : style.red('✗')} ${name.padEnd(10)} ${count.padStart(7)}  ${REQUIREMENTS[name as RequirementName]}`;
  });
  return `${lines.join('\n')}\n`;
}

function cellLines(cells: readonly MatrixCell[], detail: 'all' | 'failed', style: ChalkInstance): string {
  const shown = cells.filter(({ ok, skipped }) => detail === 'all' || (!ok && skipped === undefined));
  const reasons = [
    ...new Set(cells.flatMap(({ skipped, path }) => (skipped === undefined ? [] : [`– ${path}: ${skipped}`]))),
  ];
  return [...shown.map((cell) => cellLine(cell, style)), ...reasons.map((line) => style.dim(line))]
    .map((line) => `${line}\n`)
    .join('');
}

function cellLine(cell: MatrixCell, style: ChalkInstance): string {
  const { ok, skipped, row, from, to, path, protocol, error, detail, ms } = cell;
  const mark = skipped === undefined ? (ok ? style.green('✓') : style.red('✗')) : style.dim('–');
  const source = cell.observedSource === undefined ? '' : `, seen as ${cell.observedSource}`;
  const expected =
    error === 'wrong-source' && cell.expectedSource !== undefined ? ` instead of ${cell.expectedSource}` : '';
  const why = error === undefined ? '' : ` ${error}${detail === undefined ? '' : ` (${detail})`}`;
  return `${mark} ${row} ${from} → ${to} ${style.dim(`${path}, ${protocol}, ${ms.toFixed(0)} ms${source}${expected}`)}${style.red(why)}`;
}
