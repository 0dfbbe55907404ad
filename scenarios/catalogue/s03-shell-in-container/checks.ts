import { isReady, refTo, type Pod } from '../../cluster/objects.ts';
import { controlShellIsSeen } from '../../checks/control-shell.ts';
import { mayDo, type Attempt } from '../../checks/may-do.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { longestTotalMs } from '../../grader/outages.ts';
import { sessionName, text, webPods } from './breaks.ts';
import { containerOf, FACTS, NAMES, userOf, type IntrusionParameters } from './parameters.ts';
import { replay } from './replay.ts';

type Context = CheckContext<IntrusionParameters>;

const OUTAGE_MS = 2_000;
const REPLICAS = 4;

export const checks: readonly Check<IntrusionParameters>[] = [
  {
    id: 'P1',
    says: 'The report names pod, container, node and user',
    points: 15,
    kind: 'observing',
    run: async (context) => reportIsRight(context),
  },
  {
    id: 'P2',
    says: 'The intruder’s session is broken',
    points: 15,
    kind: 'observing',
    run: sessionIsBroken,
  },
  {
    id: 'P4',
    says: 'The touched pod is replaced, and the shop has all its pods, of the same image',
    points: 15,
    kind: 'observing',
    run: podIsReplaced,
  },
  {
    id: 'P5',
    says: 'The on-call team can still exec, and ci can still deploy',
    points: 10,
    kind: 'observing',
    run: othersCanWork,
  },
  {
    id: 'P6',
    says: 'The shop’s Service was out for at most 2 s',
    points: 10,
    kind: 'observing',
    run: shopStayedUp,
  },
  {
    id: 'P3',
    says: 'The way in is closed: the same intrusion fails when it is tried again',
    points: 20,
    kind: 'acting',
    run: replay,
  },
  {
    id: 'P7',
    says: 'The detector runs the same rules, and still reports a shell within 2 s',
    points: 15,
    kind: 'acting',
    run: (context) => controlShellIsSeen(context, { namespace: 'shop', pod: 'db-0', container: 'db' }),
  },
];

function reportIsRight({ answers, variant, fact }: Context): Finding {
  const right: Readonly<Record<string, string>> = {
    pod: text({ fact }, FACTS.pod),
    container: containerOf(variant),
    node: text({ fact }, FACTS.node),
    user: userOf(variant),
  };
  const wrong = Object.keys(right).filter((key) => answers[key]?.replace(/^shop\//, '') !== right[key]);
  if (wrong.length === 0) return { ok: true, observed: 'all four are right' };
  return {
    ok: false,
    observed: `not right: ${wrong.map((key) => `${key}=${answers[key] ?? '(not given)'}`).join(', ')}`,
  };
}

async function sessionIsBroken(context: Context): Promise<Finding> {
  const { env, variant } = context;
  if (variant === 'runtime-exec') {
    const node = nodeOf(env.session, text(context, FACTS.node));
    const { stdout } = await node.exec(['systemctl', 'is-active', sessionName(context)], { okExitCodes: [0, 3, 4] });
    const isOpen = stdout.trim() === 'active';
    return { ok: !isOpen, observed: `the session on ${node.name} is ${isOpen ? 'open' : 'closed'}` };
  }
  const held = (await env.labs.shells()).find(({ id }) => id === sessionName(context));
  if (held?.state === 'open') return { ok: false, observed: 'the intruder still has a shell' };
  return { ok: true, observed: `the session is closed (${held?.why ?? 'nobody holds it'})` };
}

async function podIsReplaced(context: Context): Promise<Finding> {
  const pods = await webPods(context.env);
  const image = text(context, FACTS.image);
  if (pods.some(({ metadata }) => metadata.uid === text(context, FACTS.uid))) {
    return { ok: false, observed: `${text(context, FACTS.pod)} is still the one that was broken into` };
  }
  const good = pods.filter(
    (pod) => isReady(pod) && pod.spec.containers.every((container) => container.image === image),
  );
  const debugged = pods.filter((pod) => (pod.spec.ephemeralContainers ?? []).length > 0);
  if (debugged.length > 0) return { ok: false, observed: `${nameOf(debugged)} carries a debug container` };
  const observed = `${String(good.length)} of ${String(REPLICAS)} pods are ready with the original image`;
  return { ok: good.length === REPLICAS, observed };
}

function nameOf(pods: readonly Pod[]): string {
  return pods.map(({ metadata }) => metadata.name).join(', ');
}

async function othersCanWork({ env }: Context): Promise<Finding> {
  const exec = { namespace: 'shop', resource: 'pods', subresource: 'exec', verb: 'create' };
  const deploy = { namespace: 'shop', group: 'apps', resource: 'deployments', verb: 'patch', name: 'web' };
  const ci = `system:serviceaccount:shop:${NAMES.serviceAccount}`;
  const wanted: readonly (Attempt & { readonly says: string })[] = [
    { says: 'oncall cannot exec', user: 'olga', groups: [NAMES.onCallGroup], act: exec },
    { says: 'ci cannot deploy', user: ci, groups: ['system:serviceaccounts:shop'], act: deploy },
  ];
  await mustGet(env, refTo('v1', 'ServiceAccount', NAMES.serviceAccount, 'shop'));
  const denied = await Promise.all(wanted.map(async (one) => ((await mayDo(env, one)) ? [] : [one.says])));
  const problems = denied.flat();
  return { ok: problems.length === 0, observed: problems.length === 0 ? 'both can' : problems.join('; ') };
}

async function shopStayedUp(context: Context): Promise<Finding> {
  const outMs = longestTotalMs(await context.meter(), /^o\.svc@/, context.state.breakAt?.monotonicMs ?? 0);
  return { ok: outMs <= OUTAGE_MS, observed: `out for ${(outMs / 1000).toFixed(1)} s` };
}
