import { done, notYet, waitFor, type NodeHandle } from '../../../core/index.ts';
import { putDockerRulesBack } from '../../cluster/docker-dns.ts';
import { restartKubeProxy, waitUntilHealthy } from '../../cluster/kube-proxy.ts';
import { refTo, type Pod, type Service } from '../../cluster/objects.ts';
import { podsWith, replacePods } from '../../cluster/pods.ts';
import { defineProof, type Finding, type PlayContext } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { outagesSince } from '../../grader/outages.ts';
import { measuredCard } from './card.ts';
import { memberOf } from './family.ts';
import type { FlushParameters } from './parameters.ts';

type Context = PlayContext<FlushParameters>;

/** kube-proxy looks for its canary every 30 s. */
const CANARY_MS = 40_000;
const SOON_MS = 35_000;
const NEVER_MS = 70_000;

export default defineProof<FlushParameters>({
  reference: {
    name: 'owners',
    says: 'Docker’s rules by hand, kube-proxy restarted, the front door’s pod made again',
    run: async (context) => {
      await putDockerRulesBack(victimOf(context));
      await restartKubeProxy(context.env, context.parameters.victim);
      await makeFrontDoorAgain(context);
    },
  },
  fixes: [
    {
      name: 'canary',
      says: 'a full sync without a restart: the canary chain in mangle is removed, and kube-proxy notices',
      run: async (context) => {
        await putDockerRulesBack(victimOf(context));
        await removeCanary(context);
        await makeFrontDoorAgain(context);
      },
    },
    {
      name: 'topology-label',
      says: 'a full sync without a restart: a change of the node’s topology label forces one',
      run: async (context) => {
        await putDockerRulesBack(victimOf(context));
        await changeTopologyLabel(context);
        await makeFrontDoorAgain(context);
      },
    },
  ],
  cheats: [
    {
      name: 'hand-made-dnat',
      says: 'own DNAT rules for the shop in place of kube-proxy’s: foreign rules in the table',
      seenBy: ['P5'],
      run: writeOwnDnat,
    },
    {
      name: 'cordon',
      says: 'the machine is cordoned, so that nothing new is placed there',
      seenBy: ['P1'],
      run: async ({ env, parameters }) => {
        await env.session.kube.patch(refTo('v1', 'Node', parameters.victim), 'merge', {
          spec: { unschedulable: true },
        });
      },
    },
    {
      name: 'only-kube-proxy',
      says: 'kube-proxy restarted and nothing else: Services work, names on the machine do not',
      variants: ['b', 'c', 'd', 'e'],
      seenBy: ['P2', 'P5'],
      run: async ({ env, parameters }) => {
        await restartKubeProxy(env, parameters.victim);
      },
    },
    {
      name: 'open-policy',
      says: 'everything accepted by own rules on top of the tables',
      variants: ['a', 'f'],
      seenBy: ['P5'],
      run: async ({ env, parameters }) => {
        await nodeOf(env.session, parameters.victim).exec(['iptables', '-I', 'FORWARD', '1', '-j', 'ACCEPT']);
      },
    },
  ],
  answers: async (context) => measuredCard(context.state, context.parameters, await context.readMeter()),
  prediction: provePrediction,
});

function victimOf({ env, parameters }: Context): NodeHandle {
  return nodeOf(env.session, parameters.victim);
}

async function makeFrontDoorAgain({ env, parameters }: Context): Promise<void> {
  const pods = await podsWith(env.session.kube, 'edge', { 'app.kubernetes.io/name': 'traefik' });
  await replacePods(
    env.session,
    pods.filter((pod) => pod.spec.nodeName === parameters.victim),
  );
}

async function removeCanary(context: Context): Promise<void> {
  const victim = victimOf(context);
  // Where mangle was flushed too there is none, and kube-proxy is about to notice anyway.
  await victim.exec(['iptables', '-t', 'mangle', '-X', 'KUBE-PROXY-CANARY'], { okExitCodes: [0, 1] });
  await waitForFullSync(context);
}

async function changeTopologyLabel(context: Context): Promise<void> {
  const { kube } = context.env.session;
  const node = refTo('v1', 'Node', context.parameters.victim);
  const label = (zone: string | null): Promise<unknown> =>
    kube.patch(node, 'merge', { metadata: { labels: { 'topology.kubernetes.io/zone': zone } } });
  await label('repair');
  await waitForFullSync(context);
  await label(null);
}

/** All that kube-proxy keeps is there: its canary in mangle, rules in nat and in filter. */
const FULLY_SYNCED = `
iptables -t mangle -S KUBE-PROXY-CANARY >/dev/null 2>&1 &&
iptables -t nat -S KUBE-SERVICES 2>/dev/null | grep -q -- '-j KUBE-SVC' &&
iptables -t filter -S KUBE-FORWARD 2>/dev/null | grep -q -- '-A KUBE-FORWARD'
`;

async function waitForFullSync({ env, parameters }: Context): Promise<void> {
  const victim = nodeOf(env.session, parameters.victim);
  await waitFor(
    async () => {
      const { exitCode } = await victim.exec(['sh', '-c', FULLY_SYNCED], { okExitCodes: [0, 1] });
      return exitCode === 0 ? done(undefined) : notYet('rules of kube-proxy are missing');
    },
    { what: 'a full sync of kube-proxy', timeoutMs: CANARY_MS, clock: env.session.clock, intervalMs: 500 },
  );
  await waitUntilHealthy(env, victim, CANARY_MS);
}

async function writeOwnDnat({ env, parameters }: Context): Promise<void> {
  const web = await mustGet<Service>(env, refTo('v1', 'Service', 'web', 'shop'));
  const pods = await podsWith(env.session.kube, 'shop', web.spec.selector ?? {});
  const backend = pods.find((pod: Pod) => pod.status?.podIP !== undefined)?.status?.podIP ?? '';
  const address = web.spec.clusterIP ?? '';
  for (const chain of ['PREROUTING', 'OUTPUT']) {
    const match = ['-d', address, '-p', 'tcp', '--dport', '80'];
    const rule = [chain, ...match, '-j', 'DNAT', '--to-destination', `${backend}:8080`];
    await nodeOf(env.session, parameters.victim).exec(['iptables', '-t', 'nat', '-A', ...rule]);
  }
}

/** What the meter says of new connections to Services from the machine. */
interface Lost {
  readonly kind: 'never' | 'back' | 'open';
  /** From the command to the last probe that failed. */
  readonly lastMs: number;
}

/** Nobody helps; the meter says whether and when new connections to Services came back. */
async function provePrediction(context: Context): Promise<Finding> {
  const { healing } = memberOf(context.variant);
  const { clock } = context.env.session;
  const brokenMs = context.state.breakAt?.monotonicMs ?? 0;
  const limitMs = healing === 'not-within-70-s' ? NEVER_MS : SOON_MS;
  let lost = await lostSince(context, brokenMs);
  while (Number(clock.monotonicNs() / 1_000_000n) - brokenMs < limitMs) {
    if (lost.kind === 'back' && healing === 'within-35-s') break;
    await clock.sleep(500);
    lost = await lostSince(context, brokenMs);
  }
  const expected = { 'not-lost': 'never', 'within-35-s': 'back', 'not-within-70-s': 'open' } as const;
  return { ok: lost.kind === expected[healing], observed: `${healing} was predicted; ${describe(lost, limitMs)}` };
}

async function lostSince({ parameters, readMeter }: Context, sinceMs: number): Promise<Lost> {
  const readings = (await readMeter()).filter(({ path }) => path === `o.svc@${parameters.victim}`);
  const outages = outagesSince(readings, sinceMs);
  const lastMs = Math.max(0, ...outages.map(({ lastFailure }) => lastFailure - sinceMs));
  if (outages.some(({ open }) => open)) return { kind: 'open', lastMs };
  return { kind: outages.length === 0 ? 'never' : 'back', lastMs };
}

function describe({ kind, lastMs }: Lost, limitMs: number): string {
  if (kind === 'never') return 'Services were not lost';
  if (kind === 'back') return `Services were back after ${(lastMs / 1000).toFixed(1)} s`;
  return `Services were not back after ${String(limitMs / 1000)} s`;
}
