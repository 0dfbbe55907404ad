import type { RunContext } from '../../define.ts';
import type { Evidence } from '../../types.ts';
import { cutOf, DEFAULT_TOLERATION_S } from './cut.ts';
import type { SplitParameters } from './parameters.ts';
import { cutOfRun, timelineOf, type Timeline } from './timeline.ts';

const SENTENCES: Readonly<Record<keyof Timeline, string>> = {
  unreachableMs: 'the cluster: Ready is Unknown, and the node is tainted as unreachable',
  withdrawnMs: 'the cluster: its pods are not ready in the EndpointSlice of web',
  forgottenMs: 'another machine: no rule leads to its pods',
  evictedMs: 'the cluster: its till is marked for deletion',
  twiceMs: 'the book: two tills write',
};

/** What was seen from the cut on, and the settings behind it. */
export async function evidence(context: RunContext<SplitParameters>): Promise<Evidence> {
  const toleration = String(cutOf(context.variant).tolerationSeconds ?? DEFAULT_TOLERATION_S);
  const seen: readonly (readonly [string, number])[] = Object.entries({ ...timelineOf(context) });
  const wallMs = cutOfRun(context)?.wallMs ?? 0;
  return {
    facts: [
      'a kubelet renews its lease every 10 s; the node controller looks every 5 s and gives a node up 50 s after its last sign (node-monitor-grace-period)',
      `the till tolerates a lost machine for ${toleration} s (tolerationSeconds), every other pod for ${String(DEFAULT_TOLERATION_S)} s`,
    ],
    logged: seen.map(([key, ms]) => ({ atMs: wallMs + ms, says: SENTENCES[key as keyof Timeline] })),
  };
}
