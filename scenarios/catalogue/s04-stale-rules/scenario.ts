import { kubeProxyHealth } from '../../cluster/kube-proxy.ts';
import { defineScenario } from '../../define.ts';
import { breaks } from './breaks.ts';
import { causeOf, variants } from './causes.ts';
import { checks } from './checks.ts';
import type { StaleParameters } from './parameters.ts';

export default defineScenario<StaleParameters>({
  id: 'S04',
  slug: 'stale-rules',
  title: 'Find the node that still sends calls to dead pods',
  domain: 'TS',
  competencies: ['C27', 'C24', 'C11'],
  difficulty: 4,
  minutes: 20,
  layer: 'data plane',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 1,
  variants,
  questions: [{ key: 'node', says: 'The machine whose calls are lost', allowed: ['NODE'] }],
  hints: [
    'A share of the calls, and only from some place: that share and that place are the two clues. Call the Service twenty times from each machine (kubedrill shell NODE), and count.',
    'Compare two lists: the addresses in the EndpointSlices of web, and those to which the rules of the machine lead (iptables-save -t nat | grep KUBE-SEP | grep to-destination). Do the same on a healthy machine.',
    'Whoever writes those rules has stopped following, and its pod says Running. Ask more than that: the state of its process (ps -C kube-proxy -o stat,etime), its /healthz on 10256, its log, and on 10249/metrics how far kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds runs ahead of …_last_timestamp_seconds.',
    'State T: kill -CONT, or delete the pod. Healthy at first and deaf afterwards: ConfigMap kube-proxy, iptables.minSyncPeriod and syncPeriod. A log without a word from the API server: the server in its kubeconfig.conf, and who listens there. Correct it as it is on a healthy cluster, then delete the pod on that machine.',
  ],
  parameters: (_variant, { workers }, dice) => ({
    victim: dice('victim').pick(workers),
    rolled: dice('rolled').pick([1, 2, 3]),
  }),
  requires: async ({ env }) => {
    const healths = await Promise.all(env.session.nodes.map(kubeProxyHealth));
    return healths.map(({ ok, observed }) => ({ id: 'kube-proxy', says: 'kube-proxy is healthy', ok, observed }));
  },
  setup: () => [],
  measured: (_context, standard) => standard.filter(({ name }) => /^o\.(svc|np|p2p)@/.test(name)),
  steady: (_context, measured) => measured.map(({ name }) => name),
  breaks,
  // A share of the calls is lost, by chance; the break itself waits until some are.
  symptom: () => [],
  alerts: ({ variant, parameters: { victim } }) => [
    {
      rule: causeOf(variant).alert,
      expected: 'must',
      deadlineMs: 5_000,
      ...(variant === 'frozen' ? { node: victim } : {}),
    },
    { rule: 'KD Workload scaled to zero', expected: 'never' },
    { rule: 'Create HostNetwork Pod', expected: 'never' },
  ],
  checks,
});
