import type { ChalkInstance } from 'chalk';
import { outageLines } from './outages.ts';
import type { GradedAlert, GradeResult } from '../../scenarios/index.ts';

/** A grade as a page: the verdict, each check with what was observed, requirements, outages, alerts. */
export function gradeText(grade: GradeResult, style: ChalkInstance): string {
  const lines = [
    `${style.bold(`${grade.scenario} ${grade.slug}`)} (seed ${String(grade.seed)}, variant ${grade.variant})  ${verdict(grade, style)}  ${String(grade.score)}/${String(grade.max)} points`,
    ...grade.inconclusiveReasons.map((reason) => style.yellow(`  ? ${reason}`)),
    ...section(
      'Checks',
      grade.checks.map(
        ({ id, says, ok, points, max, observed }) =>
          `${mark(ok, style)} ${id} ${says}  ${style.dim(`${String(points)}/${String(max)}`)}\n      ${style.dim(observed)}`,
      ),
      style,
    ),
    ...section('Requirements', requirementLines(grade, style), style),
    ...section('Outages', outageLines(grade.outages), style),
    ...section(
      'Alerts',
      grade.alerts.map((alert) => alertLine(alert, style)),
      style,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function verdict(grade: GradeResult, style: ChalkInstance): string {
  if (grade.inconclusive) return style.yellow('INCONCLUSIVE');
  return grade.passed ? style.green('PASSED') : style.red('NOT PASSED');
}

function section(title: string, lines: readonly string[], style: ChalkInstance): readonly string[] {
  return lines.length === 0 ? [] : ['', style.bold(title), ...lines.map((line) => `  ${line}`)];
}

function requirementLines(grade: GradeResult, style: ChalkInstance): readonly string[] {
  return Object.entries(grade.requirements).map(([name, { ok, cells, failed }]) => {
    const shown = failed
      .slice(0, 4)
      .map((cell) => `\n      ${cell}`)
      .join('');
    const more = failed.length > 4 ? `\n      … and ${String(failed.length - 4)} more` : '';
    return `${mark(ok, style)} ${name.padEnd(10)} ${String(cells - failed.length)}/${String(cells)} cells${style.dim(shown + more)}`;
  });
}

function alertLine(
  { rule, expected, actor, observed, firstLatencyMs, deadlineMs }: GradedAlert,
  style: ChalkInstance,
): string {
  const good = expected === 'must' ? observed > 0 : expected === 'never' ? observed === 0 : true;
  const latency = firstLatencyMs === null ? '' : `, first after ${duration(firstLatencyMs)}`;
  const deadline = deadlineMs === 0 ? '' : ` (within ${String(deadlineMs / 1000)} s)`;
  return `${mark(good, style)} ${expected.padEnd(5)} ${rule}${deadline}: ${String(observed)}×${latency} ${style.dim(`by ${actor}`)}`;
}

function mark(ok: boolean, style: ChalkInstance): string {
  return ok ? style.green('✓') : style.red('✗');
}

/** An alert often comes within milliseconds, which hundredths of a second would hide. */
function duration(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
