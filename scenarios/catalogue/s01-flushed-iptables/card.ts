import type { MeterReading } from '../../../network/index.ts';
import type { CheckContext, Finding } from '../../define.ts';
import { outagesSince } from '../../grader/outages.ts';
import type { RunState } from '../../journal/state.ts';
import type { AnswerKey } from '../../types.ts';
import { memberOf } from './family.ts';
import type { FlushParameters } from './parameters.ts';

/** Shorter gaps are the machine's noise. */
const OUTAGE_MS = 200;

const WORKS_OR_FAILS = ['works', 'fails'];

/** One path of the card and the meter paths that decide it. */
interface CardPath {
  readonly key: string;
  readonly says: string;
  readonly paths: (victim: string) => RegExp;
}

const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll('.', String.raw`\.`)}$`);

const CARD: readonly CardPath[] = [
  {
    key: 'services',
    says: 'New connections from the machine’s pods to a Service',
    paths: (v) => exactly(`o.svc@${v}`),
  },
  { key: 'established', says: 'A connection to a Service that was open before', paths: (v) => exactly(`o.est@${v}`) },
  { key: 'pods', says: 'Connections from pod to pod by address', paths: (v) => exactly(`o.p2p@${v}`) },
  { key: 'node-port', says: 'The NodePort on the machine’s address', paths: (v) => exactly(`o.np@${v}`) },
  { key: 'node-dns', says: 'Names that the machine itself looks up', paths: (v) => exactly(`o.ndns@${v}`) },
  { key: 'front-door', says: 'http://app.lab.test through the front door', paths: () => /^o\.ing/ },
];

/** What the card asks, beside the machine's name. */
export const questions: readonly AnswerKey[] = [
  { key: 'node', says: 'The machine on which the script ran', allowed: ['NODE'] },
  ...CARD.map(({ key, says }) => ({ key, says, allowed: WORKS_OR_FAILS })),
  {
    key: 'heals',
    says: 'When new connections to Services come back if nobody does anything',
    allowed: ['not-lost', 'within-35-s', 'not-within-70-s'],
  },
];

/** What the meter saw between the command and the learner's first moment, as answers; `heals` is the family's, proved by `verify`. */
export function measuredCard(
  state: RunState,
  parameters: FlushParameters,
  readings: readonly MeterReading[],
): Readonly<Record<string, string>> {
  const outages = outagesSince(readings, state.breakAt?.monotonicMs ?? 0).filter(
    ({ firstFailure, lastFailure, open }) =>
      firstFailure <= (state.brokenAt?.monotonicMs ?? Infinity) && (open || lastFailure - firstFailure >= OUTAGE_MS),
  );
  const fails = (path: RegExp): boolean => outages.some((outage) => path.test(outage.path));
  return {
    node: parameters.victim,
    ...Object.fromEntries(CARD.map(({ key, paths }) => [key, fails(paths(parameters.victim)) ? 'fails' : 'works'])),
    heals: memberOf(state.variant).healing,
  };
}

export function nodeIsNamed({ answers, parameters }: CheckContext<FlushParameters>): Finding {
  const { node } = answers;
  if (node === undefined) return { ok: false, observed: 'no answer: kubedrill answer node=…' };
  return { ok: node === parameters.victim, observed: `node=${node}` };
}

/** The predictions against what was measured. */
export async function cardIsRight(context: CheckContext<FlushParameters>): Promise<Finding> {
  const measured = measuredCard(context.state, context.parameters, await context.meter());
  const predictions = Object.entries(measured).filter(([key]) => key !== 'node');
  const wrong = predictions.filter(([key, value]) => context.answers[key] !== value);
  if (wrong.length === 0) return { ok: true, observed: 'every prediction is as it was measured' };
  const all = String(predictions.length);
  const given = wrong.map(([key]) => `${key}=${context.answers[key] ?? '(not given)'}`).join(', ');
  return {
    ok: false,
    observed: `${String(wrong.length)} of ${all} predictions differ from what was measured: ${given}`,
  };
}
