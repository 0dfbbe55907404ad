import { isDeepStrictEqual } from 'node:util';
import { canaryPodRuns } from '../../checks/canary-pod.ts';
import { canaryServiceFollows } from '../../checks/canary-service.ts';
import { networkAsBefore } from '../../checks/tables.ts';
import { proxyRulesAreRight } from '../../checks/proxy-rules.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { refTo } from '../../cluster/objects.ts';
import { nodeFitness } from '../../cluster/node-fitness.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { longestTotalMs } from '../../grader/outages.ts';
import { atOnce, bookPod, readBook } from './book.ts';
import { cardIsRight } from './card.ts';
import type { SplitParameters } from './parameters.ts';
import { MEMBERS } from './parts.ts';
import { BOOK_UID_FACT, NODE_UID_FACT, specsOf, SPECS_FACT } from './setup.ts';
import { oneTruth } from './one-truth.ts';

type Context = CheckContext<SplitParameters>;

/** The kubelet renews its lease every 10 s. */
const LEASE_MS = 20_000;
const LOST_MS = 3_000;
/** After a split a new pod may take long: its machine’s kubelet catches up with much at once. */
const CANARY_MS = 30_000;

export const checks: readonly Check<SplitParameters>[] = [
  {
    id: 'P1',
    says: 'The machine is a node as it was: Ready, the same one, in touch, and open to pods',
    points: 20,
    kind: 'observing',
    run: nodeIsBack,
  },
  {
    id: 'P2',
    says: 'The port is open, and the packet rules of every machine are right: none missing, none of your own',
    points: 15,
    kind: 'observing',
    run: rulesAreRight,
  },
  {
    id: 'P3',
    says: 'There is one truth: nothing is on its way out, and exactly one till writes',
    points: 20,
    kind: 'observing',
    run: async ({ env, parameters }) => oneTruth(env, parameters.victim),
  },
  {
    id: 'P4',
    says: 'No member of stock was ever there twice, and every workload is as it was',
    points: 15,
    kind: 'observing',
    run: membersWereOne,
  },
  {
    id: 'P6',
    says: 'The shop’s Service was lost for 3 s at most on any machine, from the cut until now',
    points: 10,
    kind: 'observing',
    paths: ({ env }) => env.session.nodes.map(({ name }) => `o.svc@${name}`),
    run: shopWentOn,
  },
  {
    id: 'P7',
    says: 'The answers agree with what was measured',
    points: 5,
    kind: 'observing',
    weight: 'counts',
    run: cardIsRight,
  },
  {
    id: 'P5',
    says: 'A pod made now runs on the machine within 30 s, and a new Service works there',
    points: 15,
    kind: 'acting',
    run: machineTakesOrders,
  },
];

async function nodeIsBack({ env, parameters: { victim }, fact }: Context): Promise<Finding> {
  const [{ ready, unschedulable, uid }, lease] = await Promise.all([
    nodeFitness(env, victim),
    env.session.kube.get(refTo('coordination.k8s.io/v1', 'Lease', victim, 'kube-node-lease')),
  ]);
  const { renewTime = '' } = (lease?.['spec'] ?? {}) as { readonly renewTime?: string };
  const ageMs = env.session.clock.now().getTime() - Date.parse(renewTime);
  const problems = [
    ...(ready === 'True' ? [] : [`Ready is ${ready}`]),
    ...(uid === fact(NODE_UID_FACT) ? [] : ['it is another Node object than before']),
    ...(unschedulable ? ['it is cordoned'] : []),
    ...(ageMs <= LEASE_MS ? [] : [`its lease is ${String(Math.round(ageMs / 1000))} s old`]),
  ];
  if (problems.length > 0) return { ok: false, observed: `${victim}: ${problems.join('; ')}` };
  return { ok: true, observed: `${victim} is Ready, and its lease is ${String(Math.round(ageMs / 1000))} s old` };
}

/** Those of kube-proxy follow the endpoints, which come back one by one. */
async function rulesAreRight(context: Context): Promise<Finding> {
  const others = await networkAsBefore(context, 'left-out');
  return others.ok ? proxyRulesAreRight(context.env) : others;
}

/** The book remembers what was, also when it is long healed. */
async function membersWereOne(context: Context): Promise<Finding> {
  const { env, fact } = context;
  if ((await bookPod(env))?.metadata.uid !== fact(BOOK_UID_FACT)) {
    return { ok: false, observed: 'the order book is not the one from before: nobody knows what was in it' };
  }
  const book = await readBook(env);
  const [twice] = MEMBERS.flatMap((role) => atOnce(book, role));
  if (twice !== undefined) {
    const seconds = Math.round((Math.min(twice[0].lastMs, twice[1].lastMs) - twice[1].firstMs) / 1000);
    return { ok: false, observed: `${twice[0].role} was there twice for ${String(seconds)} s` };
  }
  const changed = [...(await changedWorkloads(context)), ...(await changedOwn(context))];
  if (changed.length > 0) return { ok: false, observed: `not as before: ${changed.join(', ')}` };
  return { ok: true, observed: `${MEMBERS.join(' and ')} were never there twice; no workload was changed` };
}

async function changedWorkloads(context: Context): Promise<readonly string[]> {
  const [before, now] = await Promise.all([context.before(), context.now()]);
  return context.env.labs
    .compareSnapshots(before, now)
    .flatMap((residue) => (residue.kind === 'object' && residue.change !== 'added' ? [residue.object] : []))
    .filter((object) => object.startsWith('apps/v1/'));
}

async function changedOwn({ env, fact }: Context): Promise<readonly string[]> {
  return isDeepStrictEqual(await specsOf(env), fact(SPECS_FACT)) ? [] : ['till, stock or book'];
}

async function shopWentOn(context: Context): Promise<Finding> {
  const lostMs = longestTotalMs(await context.meter(), /^o\.svc@/, context.state.breakAt?.monotonicMs ?? 0);
  return { ok: lostMs <= LOST_MS, observed: `${(lostMs / 1000).toFixed(1)} s at most on one machine` };
}

async function machineTakesOrders(context: Context): Promise<Finding> {
  const { env, parameters } = context;
  const pod = await canaryPodRuns(env, parameters.victim, CANARY_MS);
  if (!pod.ok) return pod;
  const service = await canaryServiceFollows(context, [nodeOf(env.session, parameters.victim)]);
  return { ok: service.ok, observed: `${pod.observed}; ${service.observed}` };
}
