import type { VariantSummary } from '../../types.ts';

/** A chain of the filter table through which packets are led. */
type Hook = 'INPUT' | 'OUTPUT' | 'FORWARD';

export interface Cut {
  readonly id: string;
  readonly title: string;
  readonly hooks: readonly Hook[];
  /** Seconds for which the till is left where it is once its machine cannot be reached; the cluster's own default when absent. */
  readonly tolerationSeconds?: number;
}

/** What the API server writes into every pod that says nothing. */
export const DEFAULT_TOLERATION_S = 300;
const SHORT_S = 10;

/** What of port 6443 is dropped. */
const cuts: readonly Cut[] = [
  {
    id: 'both-ways',
    title: 'the API server’s port closed in both directions',
    hooks: ['INPUT', 'OUTPUT'],
    tolerationSeconds: SHORT_S,
  },
  {
    id: 'outbound',
    title: 'the API server’s port closed on the way out only',
    hooks: ['OUTPUT'],
    tolerationSeconds: SHORT_S,
  },
  {
    id: 'with-pods',
    title: 'the API server’s port closed for the machine and for its pods',
    hooks: ['INPUT', 'OUTPUT', 'FORWARD'],
    tolerationSeconds: SHORT_S,
  },
  {
    id: 'long',
    title: 'both directions, and nobody shortens the five minutes before pods are replaced',
    hooks: ['INPUT', 'OUTPUT'],
  },
];

export const variants: readonly VariantSummary[] = cuts.map(({ id, title }) => ({ id, title }));

export function cutOf(variant: string): Cut {
  const cut = cuts.find(({ id }) => id === variant);
  if (cut === undefined) throw new RangeError(`no cut ${variant}`);
  return cut;
}

export const CHAIN = 'HARDENING';
const API_PORT = 6443;
/** Kubelet and kube-proxy use whichever family the API server's name leads to first. */
const FAMILIES = 'iptables ip6tables';

/** What closes the port, for bash. */
export function cutScript({ hooks }: Cut): string {
  const rules = ['dport', 'sport'].map((end) => `$t -A ${CHAIN} -p tcp --${end} ${String(API_PORT)} -j DROP`);
  const jumps = hooks.map((hook) => `$t -I ${hook} -j ${CHAIN}`);
  return `set -e; for t in ${FAMILIES}; do ${[`$t -N ${CHAIN}`, ...rules, ...jumps].join('; ')}; done`;
}

/** What opens it again, whatever of it is there. */
export const LIFT_SCRIPT = `
for t in ${FAMILIES}; do
  for hook in INPUT OUTPUT FORWARD; do
    while $t -D $hook -j ${CHAIN} 2>/dev/null; do :; done
  done
  $t -F ${CHAIN} 2>/dev/null
  $t -X ${CHAIN} 2>/dev/null
done
true
`;
