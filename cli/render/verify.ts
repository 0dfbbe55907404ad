import type { ChalkInstance } from 'chalk';
import type { VerifyReport } from '../../scenarios/index.ts';

export function verifyText(
  { scenario, slug, variant, seed, ok, rounds, tookMs }: VerifyReport,
  style: ChalkInstance,
): string {
  const verdict = ok ? style.green('proven') : style.red('not proven');
  const head = `${style.bold(`${scenario} ${slug}`)} (variant ${variant}, seed ${String(seed)}): ${verdict} in ${(tookMs / 1000).toFixed(0)} s`;
  const lines = rounds.map((round) => {
    const mark = round.ok ? style.green('✓') : style.red('✗');
    const time = round.resumed ? 'seen before' : `${(round.tookMs / 1000).toFixed(1)} s`;
    return `  ${mark} ${round.name}  ${style.dim(`${round.observed} (${time})`)}`;
  });
  return `${[head, ...lines].join('\n')}\n`;
}
