import { kubeProxyHealth } from '../../cluster/kube-proxy.ts';
import { nodeFitness } from '../../cluster/node-fitness.ts';
import { defineScenario } from '../../define.ts';
import { breaks } from './breaks.ts';
import { questions } from './card.ts';
import { checks } from './checks.ts';
import { variants } from './cut.ts';
import { evidence } from './evidence.ts';
import type { SplitParameters } from './parameters.ts';
import { setup } from './setup.ts';

export default defineScenario<SplitParameters>({
  id: 'S05',
  slug: 'split-brain-node',
  title: 'Heal a worker that lost its control plane',
  domain: 'TS',
  competencies: ['C23', 'C27', 'C7'],
  difficulty: 4,
  minutes: 25,
  layer: 'node',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 12,
  variants,
  questions,
  hints: [
    'Two sides, two stories: kubectl get nodes tells what the cluster believes, and crictl ps on the machine (kubedrill shell NODE) tells what runs there. Which of the two has stopped hearing from the other?',
    'The kubelet reports by one connection. On the machine: is the kubelet running, what does journalctl -u kubelet say, can the machine ping the control plane, and does curl -k https://CONTROL-PLANE:6443/readyz answer, over IPv4 and over IPv6?',
    'A packet that leaves and never arrives is dropped by somebody. Look at the counters: iptables -L -v -n in the filter table, and ip6tables too. Compare with a healthy worker.',
    'Delete the jumps to the chain, then its rules, then the chain, for both families, and nothing else. Then wait: the kubelet comes back by itself, ends what the cluster replaced, and the taints go some seconds later. Touch neither the Node object nor the pods while both sides run.',
  ],
  parameters: (_variant, { workers }, dice) => {
    const victim = dice('victim').pick(workers);
    return { victim, other: dice('other').pick(workers.filter((worker) => worker !== victim)) };
  },
  requires: async ({ env, parameters: { victim } }) => {
    const [healths, { ready, lostTaints }] = await Promise.all([
      Promise.all(env.session.nodes.map(kubeProxyHealth)),
      nodeFitness(env, victim),
    ]);
    const isFit = ready === 'True' && lostTaints.length === 0;
    return [
      { id: 'node', says: `${victim} is Ready`, ok: isFit, observed: `Ready is ${ready}` },
      ...healths.map(({ ok, observed }) => ({ id: 'kube-proxy', says: 'kube-proxy is healthy', ok, observed })),
    ];
  },
  setup,
  measured: (_context, standard) => standard.filter(({ name }) => /^o\.(svc|est|p2p|np)@/.test(name)),
  steady: (_context, measured) => measured.map(({ name }) => name),
  breaks,
  // Nothing fails that a caller would see; the break itself waits until the cluster has acted.
  symptom: () => [],
  alerts: ({ parameters: { victim } }) => [
    { rule: 'KD Packet filter rule changed', expected: 'must', deadlineMs: 2_000, node: victim },
    { rule: 'KD Workload scaled to zero', expected: 'never' },
    { rule: 'Create HostNetwork Pod', expected: 'never' },
  ],
  evidence,
  checks,
});
