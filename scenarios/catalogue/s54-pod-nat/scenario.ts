import { flannelIsThere } from '../../cluster/flannel.ts';
import type { Service } from '../../cluster/objects.ts';
import { defineScenario, shapeOf } from '../../define.ts';
import { causeOf, variants } from './causes.ts';
import { checks } from './checks.ts';
import { CLUSTER_IP } from './ledger.ts';
import type { NatParameters } from './parameters.ts';
import { ledgerPaths, pathFrom } from './paths.ts';
import { setup } from './setup.ts';

export default defineScenario<NatParameters>({
  id: 'S54',
  slug: 'pod-nat',
  title: 'Find who rewrites pod addresses',
  domain: 'SN',
  competencies: ['C9', 'C11', 'C24'],
  difficulty: 4,
  minutes: 20,
  layer: 'data plane',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 3,
  variants,
  questions: [],
  hints: [
    'Do not ask the caller, ask the one who is called: which address does it see? kubedrill net matrix --json has it for every pair of pods (observedSource, answeredBy).',
    'Make a table: pods of the same machine, of another machine, through a Service; from which machines is it wrong, and whose address is seen, or who answers? Wrong only through Services is one suspect, wrong only from one machine another.',
    'Addresses are rewritten in the nat table: iptables-save -t nat | grep -nE "MASQUERADE|DNAT" on the machine of the caller, and on that of the one who is called; compare with the third machine. First match wins. And ask who writes each of these rules, and from what: kube-proxy from its ConfigMap, flannel from net-conf.json, or nobody.',
    'Repair it at its owner: masqueradeAll in the ConfigMap kube-proxy, the Network in the ConfigMap kube-flannel-cfg (the range of all machines, 10.244.0.0/16), and delete the pods that have read the wrong one; a rule of nobody is deleted by itself.',
  ],
  parameters: (_variant, { controlPlanes, workers }, dice) => {
    const [one = '', other = ''] = [...workers, ...controlPlanes];
    const [home, victim] = dice('home').pick([[one, other] as const, [other, one] as const]);
    return { home, victim };
  },
  requires: async ({ env }) => {
    const services = await env.session.kube.list<Service>('v1', 'Service');
    const owner = services.find(({ spec }) => spec.clusterIP === CLUSTER_IP)?.metadata;
    const observed = owner === undefined ? 'it is free' : `${owner.namespace ?? ''}/${owner.name} has it`;
    const address = { id: 'address', says: `the address ${CLUSTER_IP} is free`, ok: owner === undefined, observed };
    return [address, await flannelIsThere(env)];
  },
  setup,
  measured: ({ env }, standard) => [
    ...standard.filter(({ name }) => /^o\.(svc|p2p)@/.test(name)),
    ...ledgerPaths(env.session.nodes),
  ],
  steady: (_context, measured) => measured.map(({ name }) => name),
  breaks: ({ variant, parameters }) => causeOf(variant).steps(parameters),
  symptom: ({ env, variant, parameters }) => causeOf(variant).strangers(parameters, shapeOf(env.session)).map(pathFrom),
  alerts: ({ variant, parameters }) => {
    const alert = causeOf(variant).alert?.(parameters);
    return [
      ...(alert === undefined ? [] : [{ ...alert, expected: 'must' as const, deadlineMs: 5_000 }]),
      { rule: 'Create HostNetwork Pod', expected: 'never' },
      { rule: 'KD Workload scaled to zero', expected: 'never' },
    ];
  },
  checks,
});
