import { halvesOf } from '../../cluster/ipv4.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { refTo } from '../../cluster/objects.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { Cheat, PlayContext } from '../../define.ts';
import { UNIT } from './causes.ts';
import { linkFrom } from './link.ts';
import { peerOf, type RouteParameters } from './parameters.ts';
import { remove, untilPodsAnswer } from './repair.ts';

type Context = PlayContext<RouteParameters>;

const WEB = refTo('apps/v1', 'Deployment', 'web', 'shop');

export const cheats: readonly Cheat<RouteParameters>[] = [
  {
    name: 'one-left',
    says: 'all but the last of the broken machines repaired: answers do not find back',
    seenBy: ['P1', 'P2'],
    run: (context) => remove(context, context.parameters.broken.slice(0, -1)),
  },
  {
    name: 'route-to-each-pod',
    says: 'own routes to every pod of the other machine: they lead to dead pods as soon as those are replaced',
    seenBy: ['P2'],
    run: routeToEachPod,
  },
  {
    name: 'masquerade',
    says: 'repaired, and the pods hidden behind their machine’s address on the way',
    seenBy: ['P1', 'P2'],
    run: async (context) => {
      await remove(context);
      await masquerade(context);
    },
  },
  {
    name: 'one-machine',
    says: 'the shop pinned to one machine, so that its halves need not talk',
    seenBy: ['P1'],
    run: async ({ env, parameters: { pair } }) => {
      const template = {
        spec: { nodeSelector: { 'kubernetes.io/hostname': pair[0] }, topologySpreadConstraints: null },
      };
      await env.session.kube.patch(WEB, 'merge', { spec: { template } });
    },
  },
  {
    name: 'half-of-the-halves',
    says: 'only the black hole removed that pods live in: the other one waits for the pods to come',
    variants: ['half-routes'],
    seenBy: ['P2'],
    run: async (context) => {
      const { env, parameters } = context;
      for (const node of parameters.broken) {
        const [lower] = halvesOf((await linkFrom(env, node, parameters)).far);
        await nodeOf(env.session, node).exec(['ip', 'route', 'del', 'blackhole', lower]);
      }
      await untilPodsAnswer(context);
    },
  },
  {
    name: 'only-the-route',
    says: 'the route corrected and its timer left to run',
    variants: ['wrong-next-hop'],
    seenBy: ['P5'],
    run: correctOnlyRoutes,
  },
  {
    name: 'timer-sleeps',
    says: 'the timer stopped and not removed: it is back when the machine starts again',
    variants: ['wrong-next-hop'],
    seenBy: ['P5'],
    run: async (context) => {
      const { env, parameters } = context;
      for (const node of parameters.broken)
        await nodeOf(env.session, node).exec(['systemctl', 'stop', `${UNIT}.timer`]);
      await correctOnlyRoutes(context);
      await untilPodsAnswer(context);
    },
  },
];

async function correctOnlyRoutes({ env, parameters }: Context): Promise<void> {
  for (const node of parameters.broken) {
    const { far, hop } = await linkFrom(env, node, parameters);
    await nodeOf(env.session, node).exec(['ip', 'route', 'replace', far, 'via', hop]);
  }
}

async function routeToEachPod({ env, parameters }: Context): Promise<void> {
  const pods = (
    await Promise.all(['shop', 'kubedrill-probes'].map((namespace) => podsWith(env.session.kube, namespace, {})))
  ).flat();
  for (const node of parameters.broken) {
    const peer = peerOf(parameters, node);
    const { hop } = await linkFrom(env, node, parameters);
    const addresses = pods
      .filter(({ spec }) => spec.nodeName === peer && spec.hostNetwork !== true)
      .flatMap(({ status }) => status?.podIP ?? []);
    for (const address of addresses) {
      await nodeOf(env.session, node).exec(['ip', 'route', 'replace', `${address}/32`, 'via', hop]);
    }
  }
}

async function masquerade({ env, parameters }: Context): Promise<void> {
  for (const node of parameters.pair) {
    const { near, far } = await linkFrom(env, node, parameters);
    const rule = ['-s', near, '-d', far, '-j', 'MASQUERADE'];
    await nodeOf(env.session, node).exec(['iptables', '-w', '-t', 'nat', '-I', 'POSTROUTING', '1', ...rule]);
  }
}
