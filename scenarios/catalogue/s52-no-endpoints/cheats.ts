import { done, notYet, waitFor, type KubeObject } from '../../../core/index.ts';
import { isReady, refTo } from '../../cluster/objects.ts';
import { podsWith, waitForPods } from '../../cluster/pods.ts';
import type { Cheat, PlayContext } from '../../define.ts';
import {
  cartPod,
  cartService,
  DEPLOYMENT,
  LABELS,
  NAME,
  NAMESPACE,
  OTHER_NAMESPACE,
  POD_PORT,
  PORT,
  SERVICE,
} from './parts.ts';
import { correct, correctPort, waitForCart } from './repair.ts';

export const cheats: readonly Cheat<object>[] = [
  {
    name: 'slice-by-hand',
    says: 'a Service without a selector, and its EndpointSlice written by hand: it follows nobody',
    seenBy: ['P2', 'P4'],
    run: async (context) => {
      const { kube } = context.env.session;
      const addresses = await addressesOfPods(context);
      const patch = { spec: { selector: null, ports: [{ name: 'http', port: PORT, protocol: 'TCP' }] } };
      await kube.patch(SERVICE, 'merge', patch);
      await kube.create(sliceOf(addresses));
    },
  },
  {
    name: 'a-stand-in',
    says: 'a single pod that wears the labels and answers in their place',
    seenBy: ['P2'],
    run: async (context) => {
      const { kube } = context.env.session;
      await correctPort(context);
      await kube.create(standIn(context));
      const wait = { namespace: NAMESPACE, labels: { role: 'stand-in' }, what: 'the stand-in', timeoutMs: 30_000 };
      await waitForPods(context.env.session, { ...wait, accept: (pods) => pods.some(isReady) });
    },
  },
  {
    name: 'another-address',
    says: 'all repaired, but the Service made again at another address, which its callers do not know',
    seenBy: ['P4'],
    run: async (context) => {
      const { kube } = context.env.session;
      await correct(context);
      await waitForCart(context);
      await kube.delete(SERVICE);
      const spec = cartService()['spec'] as Readonly<Record<string, unknown>>;
      await kube.create({ ...cartService(), spec: { ...spec, clusterIP: undefined } });
    },
  },
  {
    name: 'nobody-asks',
    says: 'the readiness probe taken away instead of corrected',
    variants: ['readiness'],
    seenBy: ['P3'],
    run: async (context) => {
      const patch = [{ op: 'remove', path: '/spec/template/spec/containers/0/readinessProbe' }];
      await context.env.session.kube.patch(DEPLOYMENT, 'json', patch);
      await waitForCart(context);
    },
  },
  {
    name: 'also-the-unready',
    says: 'the Service told to list pods that are not ready',
    variants: ['readiness'],
    seenBy: ['P4'],
    run: async (context) => {
      await context.env.session.kube.patch(SERVICE, 'merge', { spec: { publishNotReadyAddresses: true } });
    },
  },
];

/** Wherever the pods are; a pod that has just been made has no address for a moment. */
async function addressesOfPods({ env: { session } }: PlayContext<object>): Promise<readonly string[]> {
  return waitFor(
    async () => {
      const found = await Promise.all([NAMESPACE, OTHER_NAMESPACE].map((one) => podsWith(session.kube, one, LABELS)));
      const addresses = found.flat().map(({ status }) => status?.podIP ?? '');
      return addresses.length > 0 && !addresses.includes('') ? done(addresses) : notYet('a pod has no address');
    },
    { what: 'addresses of the pods of cart', timeoutMs: 30_000, clock: session.clock },
  );
}

function sliceOf(addresses: readonly string[]): KubeObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${NAME}-by-hand`, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': NAME } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: POD_PORT, protocol: 'TCP' }],
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  };
}

function standIn({ env }: PlayContext<object>): KubeObject {
  return {
    ...refTo('v1', 'Pod', `${NAME}-stand-in`, NAMESPACE),
    metadata: {
      name: `${NAME}-stand-in`,
      namespace: NAMESPACE,
      labels: { ...LABELS, tier: 'backend', role: 'stand-in' },
    },
    spec: cartPod(env.session.addonContext.toolboxImage),
  };
}
