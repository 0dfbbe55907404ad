import { done, notYet, waitFor } from '../../../core/index.ts';
import { controlPlaneOf } from '../../cluster/nodes.ts';
import { refTo, type EndpointSlice, type Pod } from '../../cluster/objects.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { RunContext, StepContext } from '../../define.ts';
import type { RunStep } from '../../faults/step.ts';
import { toJson } from '../../json.ts';
import type { RunEnvironment } from '../../ports.ts';
import { readBook, writing } from './book.ts';
import { cutOf, DEFAULT_TOLERATION_S } from './cut.ts';
import type { SplitParameters } from './parameters.ts';
import { NAMESPACE, TILL } from './parts.ts';

/** When each thing was first seen, in milliseconds from the cut. */
export interface Timeline {
  /** The node's Ready is Unknown, and it is tainted as unreachable. */
  readonly unreachableMs: number;
  /** Its pods are no longer ready in the EndpointSlice of `web`. */
  readonly withdrawnMs: number;
  /** The rules of another machine lead to none of them. */
  readonly forgottenMs: number;
  /** Its till is marked for deletion. */
  readonly evictedMs: number;
  /** Two tills write into the book. */
  readonly twiceMs: number;
}

const CUT_FACT = 'cut';
const TIMELINE_FACT = 'timeline';
const TILL_FACT = 'till.uid';

/** The controller manager gives a node up 50 s after its last sign, and looks every 5 s. */
const UNREACHABLE_TIMEOUT_MS = 75_000;
const FOLLOW_TIMEOUT_MS = 40_000;
const INTERVAL_MS = 150;
const AT_ONCE_MS = 600;

type Context = StepContext<unknown>;

/** What happens on the other side of the cut, in the order in which it does. */
interface Stage {
  readonly key: keyof Timeline;
  readonly what: string;
  readonly timeoutMs: number;
  readonly hasCome: (env: RunEnvironment) => Promise<boolean>;
}

/** Notes the time of the cut, and which till writes now. */
export async function noteCut({ env, record }: Context): Promise<void> {
  const [till] = await podsWith(env.session.kube, NAMESPACE, { app: TILL });
  await record(TILL_FACT, till?.metadata.uid ?? '');
  await record(CUT_FACT, { monotonicMs: monotonicMs(env), wallMs: env.session.clock.now().getTime() });
}

/** Watches until two tills write at once, and keeps when what was seen. */
export function watchTimeline({ variant, parameters }: RunContext<SplitParameters>): RunStep {
  return {
    title: 'watch the cluster give the machine up',
    undo: async () => [],
    run: async (context) => {
      const seen: Partial<Record<keyof Timeline, number>> = {};
      const tolerationMs = (cutOf(variant).tolerationSeconds ?? DEFAULT_TOLERATION_S) * 1000;
      for (const stage of stagesOf(parameters.victim, tolerationMs, () => context.fact(TILL_FACT))) {
        await waitForStage(context, stage);
        seen[stage.key] = monotonicMs(context.env) - (cutOfRun(context)?.monotonicMs ?? 0);
      }
      await context.record(TIMELINE_FACT, toJson(seen));
    },
  };
}

/** What was measured before the learner came; undefined in a run that did not get that far. */
export function timelineOf({ fact }: Pick<RunContext<unknown>, 'fact'>): Timeline | undefined {
  return fact(TIMELINE_FACT) as Timeline | undefined;
}

/** When the port was closed; undefined before. */
export function cutOfRun({ fact }: Pick<RunContext<unknown>, 'fact'>): CutMoment | undefined {
  return fact(CUT_FACT) as CutMoment | undefined;
}

export interface CutMoment {
  readonly monotonicMs: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

async function waitForStage({ env, detail }: Context, { what, timeoutMs, hasCome }: Stage): Promise<void> {
  await waitFor(async () => ((await hasCome(env)) ? done(undefined) : notYet(`waiting for ${what}`)), {
    what,
    timeoutMs,
    clock: env.session.clock,
    intervalMs: INTERVAL_MS,
    onObserve: detail,
    ...(env.session.signal === undefined ? {} : { signal: env.session.signal }),
  });
}

function stagesOf(victim: string, tolerationMs: number, formerTill: () => unknown): readonly Stage[] {
  return [
    {
      key: 'unreachableMs',
      what: `${victim} to be unreachable`,
      timeoutMs: UNREACHABLE_TIMEOUT_MS,
      hasCome: async ({ session }) => (await taintsOf(session.kube, victim)).includes('NoExecute'),
    },
    {
      key: 'withdrawnMs',
      what: `the endpoints on ${victim} to be withdrawn`,
      timeoutMs: FOLLOW_TIMEOUT_MS,
      hasCome: async (env) => (await readyEndpointsOn(env, victim)) === 0,
    },
    {
      key: 'forgottenMs',
      what: `the other machines to forget the endpoints on ${victim}`,
      timeoutMs: FOLLOW_TIMEOUT_MS,
      hasCome: async (env) => !(await controlPlaneLeadsTo(env, victim)),
    },
    {
      key: 'evictedMs',
      what: 'the till to be evicted',
      timeoutMs: tolerationMs + FOLLOW_TIMEOUT_MS,
      hasCome: async ({ session }) => {
        const tills = await podsWith(session.kube, NAMESPACE, { app: TILL });
        return !tills.some(({ metadata }) => metadata.uid === formerTill());
      },
    },
    {
      key: 'twiceMs',
      what: 'two tills to write',
      timeoutMs: FOLLOW_TIMEOUT_MS,
      hasCome: async (env) => writing(await readBook(env), TILL, AT_ONCE_MS).length === 2,
    },
  ];
}

/** Effects of the taints that say that a node cannot be reached. */
async function taintsOf(kube: RunEnvironment['session']['kube'], name: string): Promise<readonly string[]> {
  const node = await kube.get(refTo('v1', 'Node', name));
  const { taints = [] } = (node?.['spec'] ?? {}) as { readonly taints?: readonly Taint[] };
  return taints.filter(({ key }) => key === 'node.kubernetes.io/unreachable').map(({ effect }) => effect);
}

interface Taint {
  readonly key: string;
  readonly effect: string;
}

async function readyEndpointsOn({ session }: RunEnvironment, victim: string): Promise<number> {
  const options = { namespace: NAMESPACE, labelSelector: 'kubernetes.io/service-name=web' };
  const slices = await session.kube.list<EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', options);
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  return endpoints.filter(({ nodeName, conditions }) => nodeName === victim && conditions?.ready !== false).length;
}

/** Whether the control plane's rules lead a call of `web` to a pod on that machine. */
async function controlPlaneLeadsTo({ session }: RunEnvironment, victim: string): Promise<boolean> {
  const pods = await session.kube.list<Pod>('v1', 'Pod', { namespace: NAMESPACE, labelSelector: 'app=web' });
  const addresses = pods.filter(({ spec }) => spec.nodeName === victim).map(({ status }) => status?.podIP ?? '');
  const { stdout } = await controlPlaneOf(session).exec(['iptables-save', '-t', 'nat']);
  return addresses.some((address) => stdout.includes(`--to-destination ${address}:`));
}

function monotonicMs({ session }: RunEnvironment): number {
  return Math.round(Number(session.clock.monotonicNs() / 1_000n) / 1_000);
}
