import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { rowsWork } from '../../checks/matrix-rows.ts';
import { nodeGets, slowNodes } from '../../checks/node-gets.ts';
import { proxyRulesAreRight } from '../../checks/proxy-rules.ts';
import { KUBE_PROXY_CONFIG, kubeProxyHealth } from '../../cluster/kube-proxy.ts';
import { nodeOf } from '../../cluster/nodes.ts';
import { nodeFitness } from '../../cluster/node-fitness.ts';
import { refTo, type ConfigMap, type Service } from '../../cluster/objects.ts';
import { podsWith, replacePods } from '../../cluster/pods.ts';
import { processStates } from '../../cluster/processes.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { everyPodAnswers } from './answerers.ts';
import type { StaleParameters } from './parameters.ts';

type Context = CheckContext<StaleParameters>;

export const checks: readonly Check<StaleParameters>[] = [
  {
    id: 'P1',
    says: 'The machine is named in the answers',
    points: 15,
    kind: 'observing',
    run: async (context) => machineIsNamed(context),
  },
  {
    id: 'P2',
    says: 'No call from the machine is lost, and each of the four pods of web is called',
    points: 35,
    kind: 'observing',
    paths: ({ parameters: { victim } }) => [`o.svc@${victim}`, `o.np@${victim}`],
    run: callsAreAnswered,
  },
  {
    id: 'P4',
    says: 'The rules of every machine are those that kube-proxy writes for the endpoints that there are',
    points: 15,
    kind: 'observing',
    run: ({ env }) => proxyRulesAreRight(env),
  },
  {
    id: 'P5',
    says: 'kube-proxy runs everywhere and is healthy; its configuration, web and the machine are as before',
    points: 15,
    kind: 'observing',
    run: proxyIsItself,
  },
  {
    id: 'P3',
    says: 'A pod that takes the place of another is called from the machine within 5 s',
    points: 20,
    kind: 'acting',
    run: machineFollows,
  },
];

function machineIsNamed({ answers, parameters }: Context): Finding {
  const { node } = answers;
  if (node === undefined) return { ok: false, observed: 'no answer: kubedrill answer node=…' };
  return { ok: node === parameters.victim, observed: `node=${node}` };
}

async function callsAreAnswered(context: Context): Promise<Finding> {
  const { env, parameters } = context;
  const calls = await everyPodAnswers(env, nodeOf(env.session, parameters.victim));
  if (!calls.ok) return calls;
  const rows = rowsWork(await context.matrix(), { rows: ['M6', 'M8', 'M9'], at: parameters.victim });
  return { ok: rows.ok, observed: `${calls.observed}; ${rows.observed}` };
}

async function proxyIsItself(context: Context): Promise<Finding> {
  const { env } = context;
  const [perNode, config, objects, { unschedulable }] = await Promise.all([
    Promise.all(
      env.session.nodes.map(
        async (node) => [await kubeProxyHealth(node), await processStates(node, 'kube-proxy'), node.name] as const,
      ),
    ),
    configChanges(context),
    changedObjects(context),
    nodeFitness(env, context.parameters.victim),
  ]);
  const problems = [
    ...perNode.flatMap(([health, states, name]) => [
      ...(states.some((state) => state.startsWith('T')) ? [`${name}: kube-proxy is stopped (state T)`] : []),
      ...(health.ok ? [] : [health.observed]),
    ]),
    ...config,
    ...objects.map((object) => `not as before: ${object}`),
    ...(unschedulable ? [`${context.parameters.victim} is cordoned`] : []),
  ];
  if (problems.length > 0) return { ok: false, observed: problems.join('; ') };
  return { ok: true, observed: 'kube-proxy is healthy everywhere, and configured as before' };
}

/** By meaning: the order of the fields and how they are written do not count. */
async function configChanges(context: Context): Promise<readonly string[]> {
  const before = (await context.before()).objects['v1/ConfigMap/kube-system/kube-proxy'] ?? '{}';
  const { data: was = {} } = JSON.parse(before) as Partial<ConfigMap>;
  const { data: is = {} } = await mustGet<ConfigMap>(context.env, KUBE_PROXY_CONFIG);
  const changed = Object.keys({ ...was, ...is }).filter(
    (file) => !isDeepStrictEqual(parse(was[file] ?? ''), parse(is[file] ?? '')),
  );
  return changed.map((file) => `${file} of kube-proxy is not as before`);
}

async function changedObjects(context: Context): Promise<readonly string[]> {
  const [before, now] = await Promise.all([context.before(), context.now()]);
  return context.env.labs
    .compareSnapshots(before, now)
    .flatMap((residue) => (residue.kind === 'object' ? [residue.object] : []))
    .filter((object) => /\/(Service|Deployment|DaemonSet|EndpointSlice)\/(shop|kube-system)\//.test(object));
}

async function machineFollows({ env, parameters }: Context): Promise<Finding> {
  const { kube } = env.session;
  const [pod] = await podsWith(kube, 'shop', { app: 'web' });
  if (pod === undefined) return { ok: false, observed: 'web has no pod' };
  const [fresh] = await replacePods(env.session, [pod], 30_000);
  const name = fresh?.metadata.name ?? '';
  const service = await mustGet<Service>(env, refTo('v1', 'Service', 'web', 'shop'));
  const url = `http://${service.spec.clusterIP ?? ''}/`;
  const victim = nodeOf(env.session, parameters.victim);
  const late = await slowNodes(env, [victim], (node) => nodeGets(node, url, `shop/${name}`));
  if (late.length > 0) return { ok: false, observed: `${name} is not called from ${victim.name} within 5 s` };
  const rules = await proxyRulesAreRight(env);
  return rules.ok ? { ok: true, observed: `${name} was called from ${victim.name} within 5 s` } : rules;
}
