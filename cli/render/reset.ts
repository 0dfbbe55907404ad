import type { ChalkInstance } from 'chalk';
import type { ResetResult } from '../../scenarios/index.ts';
import { residueLine } from './stop.ts';

export function resetText({ lab, stopped, residue, tookMs }: ResetResult, style: ChalkInstance): string {
  const took = `${(tookMs / 1000).toFixed(1)} s`;
  const ended = stopped === undefined ? '' : `${stopped} was ended for it.\n`;
  if (residue.length === 0)
    return `${ended}${style.green(`the lab "${lab}" is as it was when it came up (${took})`)}\n`;
  const verdict = style.red(`the lab "${lab}" still differs from what it was when it came up (${took}):`);
  const again = `kubedrill down --name ${lab} && kubedrill up --name ${lab} gives a fresh one`;
  return `${ended}${[verdict, ...residue.map((entry) => `  ${residueLine(entry)}`), again].join('\n')}\n`;
}
