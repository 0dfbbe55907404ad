import type { CheckContext, Finding } from '../../define.ts';
import type { AnswerKey } from '../../types.ts';
import type { SplitParameters } from './parameters.ts';
import { timelineOf, type Timeline } from './timeline.ts';

/** How long something took, in words that leave room for the moment at which it began. */
const SPANS = [
  ['at-once', 0, 5_000],
  ['10-s-later', 5_000, 35_000],
  ['about-50-s-later', 35_000, 75_000],
  ['5-min-later', 270_000, 400_000],
] as const;

export const questions: readonly AnswerKey[] = [
  { key: 'node', says: 'The machine that was cut off', allowed: ['NODE'] },
  {
    key: 'given-up',
    says: 'When the cluster gave the machine up, after it had heard from it for the last time',
    allowed: SPANS.map(([word]) => word),
  },
  {
    key: 'withdrawn',
    says: 'When its pods were taken out of the Services, after it had been given up',
    allowed: SPANS.map(([word]) => word),
  },
  {
    key: 'replaced',
    says: 'When a second till began to write, after the machine had been given up',
    allowed: SPANS.map(([word]) => word),
  },
  { key: 'member', says: 'Whether the member of stock on the machine was there twice too', allowed: ['yes', 'no'] },
];

/** The right answers, from what was measured before the learner came. */
export function measuredCard(victim: string, timeline: Timeline): Readonly<Record<string, string>> {
  const { unreachableMs, withdrawnMs, twiceMs } = timeline;
  return {
    node: victim,
    'given-up': spanOf(unreachableMs),
    withdrawn: spanOf(withdrawnMs - unreachableMs),
    replaced: spanOf(twiceMs - unreachableMs),
    // A StatefulSet waits until its former member is known to be gone, however long that takes.
    member: 'no',
  };
}

function spanOf(ms: number): string {
  return SPANS.find(([, fromMs, toMs]) => ms >= fromMs && ms < toMs)?.[0] ?? 'other';
}

export async function cardIsRight(context: CheckContext<SplitParameters>): Promise<Finding> {
  const timeline = timelineOf(context);
  if (timeline === undefined) return { ok: false, observed: 'nothing was measured' };
  const right = Object.entries(measuredCard(context.parameters.victim, timeline));
  const wrong = right.filter(([key, value]) => context.answers[key] !== value).map(([key]) => key);
  if (wrong.length === 0) return { ok: true, observed: 'every answer is as it was measured' };
  const given = wrong.map((key) => `${key}=${context.answers[key] ?? '(not given)'}`).join(', ');
  return { ok: false, observed: `${String(wrong.length)} of ${String(right.length)} differ: ${given}` };
}
