import type { ChalkInstance } from 'chalk';
import type { ResetResult } from '../../scenarios/index.ts';
import { residueLine } from './stop.ts';

const MOST_SHOWN = 10;

export function resetText(result: ResetResult, style: ChalkInstance): string {
  const { lab, stopped, notes } = result;
  const lines = [
    ...(stopped === undefined ? [] : [`${stopped} was ended for it`]),
    ...notes.map((note) => style.yellow(`! ${note}`)),
    ...(isWhole(result)
      ? [style.green(`the lab "${lab}" is as it was when it came up (${seconds(result)})`)]
      : [
          ...whatIsLeft(result, style),
          `Only a new lab helps: kubedrill down --name ${lab} && kubedrill up --name ${lab}`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

export function isWhole({ residue, unready }: ResetResult): boolean {
  return residue.length === 0 && unready === '';
}

function whatIsLeft(result: ResetResult, style: ChalkInstance): readonly string[] {
  const { lab, residue, unready } = result;
  if (residue.length === 0)
    return [style.red(`the lab "${lab}" is as it was, and does not work (${seconds(result)}):`), `  ${unready}`];
  const more = residue.length - MOST_SHOWN;
  return [
    style.red(`the lab "${lab}" differs from what it was when it came up (${seconds(result)}):`),
    ...residue.slice(0, MOST_SHOWN).map((entry) => `  ${residueLine(entry)}`),
    ...(more > 0 ? [`  and ${String(more)} more`] : []),
  ];
}

function seconds({ tookMs }: ResetResult): string {
  return `${(tookMs / 1000).toFixed(1)} s`;
}
