import type { ChalkInstance } from 'chalk';
import type { StopResult } from '../../scenarios/index.ts';

type Residue = StopResult['residue'][number];

export function stopText({ scenario, residue, tookMs, notes }: StopResult, style: ChalkInstance): string {
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  const verdict =
    residue.length === 0
      ? style.green(`${scenario} is over; nothing of it is left (${took})`)
      : style.red(`${scenario} is over, but this is left (${took}):`);
  return `${[verdict, ...residue.map((entry) => `  ${residueLine(entry)}`), ...notes.map((note) => style.yellow(`! ${note}`))].join('\n')}\n`;
}

export function residueLine(entry: Residue): string {
  if (entry.kind === 'node') return `${entry.node} ${entry.table}: ${entry.change} ${entry.line}`;
  return `${entry.object}: ${entry.change} ${entry.detail}`.trimEnd();
}
