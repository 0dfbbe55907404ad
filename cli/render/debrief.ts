import type { ChalkInstance } from 'chalk';
import type { Debrief } from '../../scenarios/index.ts';

/** What happened, a line each, with seconds since the break; what a source could not tell comes last. */
export function debriefText({ timeline, facts, gaps }: Debrief, style: ChalkInstance): string {
  const moments = timeline.map(({ afterMs, says }) => `  ${style.cyan(seconds(afterMs))}  ${says}`);
  const lines = [
    style.bold.underline('What was measured'),
    '',
    ...moments,
    ...(facts.length > 0 ? ['', ...facts.map((fact) => `  ${fact}`)] : []),
    ...gaps.map((gap) => style.yellow(`  not known: ${gap}`)),
  ];
  return `${lines.join('\n')}\n`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(8)} s`;
}
