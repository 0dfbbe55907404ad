import { defineScenario } from '../../define.ts';
import { breaks, variants } from './causes.ts';
import { checks } from './checks.ts';
import { CLUSTER_IP } from './parts.ts';
import { cartPaths, pathNames } from './paths.ts';
import { setup } from './setup.ts';
import type { Service } from '../../cluster/objects.ts';

export default defineScenario<object>({
  id: 'S52',
  slug: 'no-endpoints',
  title: 'Give a Service its backends back',
  domain: 'SN',
  competencies: ['C11', 'C27'],
  difficulty: 1,
  minutes: 8,
  layer: 'API',
  topologies: ['std'],
  needsIngress: false,
  defaultSeed: 1,
  variants,
  questions: [],
  hints: [
    'How does a call fail? From a pod or with kubedrill net trace shop/cart: refused at once means that the Service is there and has nobody behind it; silence means something else.',
    'Who is behind a Service is written in its EndpointSlices: kubectl -n shop get endpointslices -l kubernetes.io/service-name=cart. Are there addresses? Are they ready? Is there a port, and of which protocol?',
    'A Service finds pods by labels, in its own namespace; of those it takes the ones that are ready; and it calls them at the port that targetPort says, by number or by the name that the pods give it. One of these four does not fit. Compare kubectl -n shop get service cart -o yaml with kubectl get pods -A -l app=cart --show-labels.',
    'Correct the one thing that does not fit, where it is wrong: the selector, the targetPort, the protocol, the readiness probe of the Deployment, or the namespace of the pods.',
  ],
  parameters: () => ({}),
  requires: async ({ env }) => {
    const services = await env.session.kube.list<Service>('v1', 'Service');
    const owner = services.find(({ spec }) => spec.clusterIP === CLUSTER_IP)?.metadata;
    const observed = owner === undefined ? 'it is free' : `${owner.namespace ?? ''}/${owner.name} has it`;
    return [{ id: 'address', says: `the address ${CLUSTER_IP} is free`, ok: owner === undefined, observed }];
  },
  setup,
  measured: ({ env }, standard) => [
    ...standard.filter(({ name }) => name.startsWith('o.svc@')),
    ...cartPaths(env.session.nodes),
  ],
  steady: (_context, measured) => measured.map(({ name }) => name),
  breaks,
  symptom: ({ env }) => pathNames(env.session.nodes),
  alerts: () => [
    { rule: 'Create HostNetwork Pod', expected: 'never' },
    { rule: 'Create NodePort Service', expected: 'never' },
  ],
  checks,
});
