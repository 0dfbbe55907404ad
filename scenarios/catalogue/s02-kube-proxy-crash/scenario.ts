import { kubeProxyHealth } from '../../cluster/kube-proxy.ts';
import { kubeProxyEvidence } from '../../cluster/kube-proxy-log.ts';
import { defineScenario } from '../../define.ts';
import { breaks } from './breaks.ts';
import { causeOf, variants } from './causes.ts';
import { checks } from './checks.ts';
import type { CrashParameters } from './parameters.ts';

export default defineScenario<CrashParameters>({
  id: 'S02',
  slug: 'kube-proxy-crash',
  title: 'Bring Service programming back',
  domain: 'TS',
  competencies: ['C24', 'C27', 'C11'],
  difficulty: 3,
  minutes: 15,
  layer: 'data plane',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 1,
  variants,
  questions: [],
  hints: [
    'Ask where from, not only what: kubedrill net matrix shows from which nodes a Service answers. Compare the addresses in the Service’s EndpointSlice with those to which a node’s rules lead (iptables-save -t nat | grep KUBE-SEP).',
    'Rules that lead to pods which no longer exist were right once: whoever writes them has stopped following. Find out who writes them, on every node.',
    'Running 1/1 proves nothing for a pod that has no probe. Ask it: curl -s 127.0.0.1:10256/healthz on the node; kubectl -n kube-system logs (with --previous if it restarts); kubectl -n kube-system get ds.',
    'What kube-proxy needs: a configuration that validates, the API server’s right address, nodes that its DaemonSet selects, and the ClusterRole system:node-proxier. Correct the one that is wrong; the ConfigMap is read at start only, so delete its pods afterwards.',
  ],
  parameters: (variant, lab, dice) => {
    const nodes = [...lab.controlPlanes, ...lab.workers];
    const scope = dice('scope').pick(causeOf(variant).scopes);
    return {
      nodes: scope === 'all' ? nodes : [dice('node').pick(lab.workers.length > 0 ? lab.workers : nodes)],
      churnAfterMs: dice('churn').pick([2_000, 5_000]),
    };
  },
  requires: async ({ env }) => {
    const healths = await Promise.all(env.session.nodes.map(kubeProxyHealth));
    return healths.map(({ ok, observed }) => ({ id: 'kube-proxy', says: 'kube-proxy is healthy', ok, observed }));
  },
  setup: () => [],
  measured: (_context, standard) => standard.filter(({ name }) => /^o\.(svc|np|p2p|dns)(@|$)/.test(name)),
  steady: (_context, measured) => measured.map((path) => path.name),
  breaks,
  symptom: ({ parameters }) => parameters.nodes.map((node) => `o.svc@${node}`),
  alerts: ({ variant }) => [
    ...(causeOf(variant).changesConfigMap
      ? [{ rule: 'KD System ConfigMap changed', expected: 'must' as const, deadlineMs: 5_000 }]
      : []),
    { rule: 'Create NodePort Service', expected: 'never' as const },
    { rule: 'KD Workload scaled to zero', expected: 'never' as const },
  ],
  evidence: ({ env, parameters: { nodes } }, sinceMs) => kubeProxyEvidence(env, sinceMs, nodes),
  checks,
});
