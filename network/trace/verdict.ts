import type { Hop, Trace } from './types.ts';

/** Nearest to the cause first: a dead name server or a failed request may well follow from the others. */
const CAUSES: readonly Hop['kind'][] = [
  'nat',
  'endpoints',
  'filter',
  'route',
  'ingress',
  'http-route',
  'rules',
  'name',
  'request',
];

/** What came of it, in the words of the hop that explains the others. */
export function verdictOn(hops: readonly Hop[]): Trace['verdict'] {
  const broken = CAUSES.flatMap((kind) => hops.filter((hop) => hop.kind === kind && !hop.ok));
  const [first] = broken;
  if (first === undefined) return { ok: true, says: 'it works, by the way that the rules say' };
  return { ok: false, says: first.says };
}
