import type { ChalkInstance } from 'chalk';
import { visibleLength } from './visible.ts';

/** Columns as wide as their widest cell. Cells may carry colours. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], style: ChalkInstance): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[column] ?? ''))),
  );
  const render = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${[style.bold(render(head)), ...rows.map(render)].join('\n')}\n`;
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - visibleLength(cell)));
}
