import { coreDnsReplicas, outsideName, resolversKnow } from '../../checks/resolvers.ts';
import { defineScenario } from '../../define.ts';
import { breaks, causeOf, symptom, variants } from './causes.ts';
import { checks } from './checks.ts';
import type { CorefileParameters } from './parameters.ts';
import { measuredPaths } from './paths.ts';

export default defineScenario<CorefileParameters>({
  id: 'S49',
  slug: 'dns-corefile',
  title: 'Repair cluster DNS',
  domain: 'SN',
  competencies: ['C14', 'C24', 'C27'],
  difficulty: 3,
  minutes: 12,
  layer: 'API',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 3,
  variants,
  questions: [],
  hints: [
    'Which names fail, and how? Ask for one of the cluster and for one from outside, and look whether the answer is “no such name”, an error of the server, a refusal or silence: kubedrill net matrix has a line for each.',
    'DNS is four things: the Service kube-dns, the replicas behind it, what they know of the cluster, and whom they ask about the rest. Look at each by itself: kubectl -n kube-system get service,endpointslices,pods -l k8s-app=kube-dns.',
    'The replicas say themselves what is wrong: kubectl -n kube-system logs -l k8s-app=kube-dns --prefix, with --previous for those that restart, and kubectl describe pod for why the last one ended. A replica that is well may run on a configuration that nobody could start with any more.',
    'Compare with what kubeadm writes: kubectl -n kube-system get configmap coredns -o yaml, the selector of the Service, the memory of the Deployment, the ClusterRoleBinding system:coredns. Correct the one that is wrong, then kubectl -n kube-system rollout restart deployment coredns.',
  ],
  parameters: (variant, _lab, dice) => ({ restart: dice('restart').pick(causeOf(variant).restarts) }),
  requires: async ({ env }) => {
    const { ok, observed } = await resolversKnow(await coreDnsReplicas(env), [outsideName(env)]);
    return [{ id: 'dns', says: 'every replica of CoreDNS knows a name from outside', ok, observed }];
  },
  setup: () => [],
  measured: ({ env }, standard) => measuredPaths(env, standard),
  steady: (_context, measured) => measured.map(({ name }) => name),
  breaks,
  symptom,
  alerts: ({ variant }) => [
    ...(causeOf(variant).changesConfigMap
      ? [{ rule: 'KD System ConfigMap changed', expected: 'must' as const, deadlineMs: 5_000 }]
      : []),
    { rule: 'KD NetworkPolicy changed', expected: 'never' as const },
    { rule: 'Create HostNetwork Pod', expected: 'never' as const },
  ],
  checks,
});
