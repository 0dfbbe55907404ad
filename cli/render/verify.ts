import type { ChalkInstance } from 'chalk';
import type { VerifyDocument, VerifyReport, VerifyRound } from '../../scenarios/index.ts';
import { summaryOf } from './proofs-page.ts';

/** What `verify` found: each proof with its rounds, and the sums. */
export function verifyText(document: VerifyDocument, style: ChalkInstance): string {
  return [...document.reports.map((report) => reportText(report, style)), `${summaryOf(document)}\n`].join('');
}

function reportText(
  { scenario, slug, variant, seed, ok, rounds, skipped, tookMs }: VerifyReport,
  style: ChalkInstance,
): string {
  const verdict = !ok ? style.red('not proven') : skipped.length > 0 ? style.yellow('in part') : style.green('proven');
  const head = `${style.bold(`${scenario} ${slug}`)} (variant ${variant}, seed ${String(seed)}): ${verdict} in ${(tookMs / 1000).toFixed(0)} s`;
  const left = skipped.map(({ name, why }) => `  ${style.yellow('–')} ${name}  ${style.dim(why)}`);
  return `${[head, ...rounds.map((round) => roundText(round, style)), ...left].join('\n')}\n`;
}

function roundText({ name, ok, problems, tookMs, resumed }: VerifyRound, style: ChalkInstance): string {
  const mark = ok ? style.green('✓') : style.red('✗');
  const observed = ok ? 'as it should be' : problems.map(({ says }) => says).join('; ');
  const time = resumed ? 'seen before' : `${(tookMs / 1000).toFixed(1)} s`;
  return `  ${mark} ${name}  ${style.dim(`${observed} (${time})`)}`;
}
