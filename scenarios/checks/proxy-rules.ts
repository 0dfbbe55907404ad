import { done, notYet, waitFor } from '../../core/index.ts';
import type { NodeRuleDifferences } from '../../network/index.ts';
import type { Finding } from '../define.ts';
import type { RunEnvironment } from '../ports.ts';

/** Time for kube-proxy to follow what changed last. */
const FOLLOW_MS = 5_000;
const MOST_NAMED = 3;

/**
 * On every node the rules are exactly those that kube-proxy should have written for the Services of now: nothing left out, nothing
 * that still leads to a dead pod, nothing written by hand into its chains.
 */
export async function proxyRulesAreRight({ session, network }: RunEnvironment): Promise<Finding> {
  const options = { what: 'the rules', timeoutMs: FOLLOW_MS, clock: session.clock, intervalMs: 500 };
  let observed = '';
  try {
    await waitFor(async () => {
      observed = problemsIn(await network.ruleDifferences());
      return observed === '' ? done(undefined) : notYet(observed);
    }, options);
  } catch (error) {
    if (observed === '') throw error;
    return { ok: false, observed };
  }
  return { ok: true, observed: `${String(session.nodes.length)} nodes have the rules that kube-proxy should write` };
}

/** The first few in words; empty when there are none. */
export function problemsIn(nodes: readonly NodeRuleDifferences[]): string {
  const problems = nodes.flatMap(({ node, trouble, differences }) =>
    trouble === undefined ? differences.map(({ says }) => `${node}: ${says}`) : [`${node}: ${trouble}`],
  );
  const more = problems.length - MOST_NAMED;
  return [...problems.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${String(more)} more`] : [])].join('; ');
}
