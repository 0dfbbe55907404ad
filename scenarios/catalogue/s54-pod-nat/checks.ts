import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { rowsWork } from '../../checks/matrix-rows.ts';
import { proxyRulesAreRight } from '../../checks/proxy-rules.ts';
import { networkAsBefore } from '../../checks/tables.ts';
import { FLANNEL_CONFIG, FLANNEL_NETWORK_KEY, restartFlannel } from '../../cluster/flannel.ts';
import { KUBE_PROXY_CONFIG, restartKubeProxy } from '../../cluster/kube-proxy.ts';
import { isReady, type ConfigMap, type Workload } from '../../cluster/objects.ts';
import { pictured } from '../../cluster/pictured.ts';
import { podsWith } from '../../cluster/pods.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import { holdPaths } from '../../runner/paths.ts';
import { DEPLOYMENT, LABELS, ledgerPod, NAMESPACE, type LedgerPod } from './ledger.ts';
import type { NatParameters } from './parameters.ts';
import { pathFrom } from './paths.ts';
import { podNetworks } from './setup.ts';

type Context = CheckContext<NatParameters>;

/** Between pods, to Services from pods, and what a pod reads as its own address. */
const UNTOUCHED = ['M1', 'M2', 'M6', 'M16'];
/** A pod's own Service, nodes and NodePorts, and the way out: there the address of a machine is right. */
const MASQUERADED = ['M7', 'M8', 'M9', 'M13'];
const RESTART_MS = 40_000;
/** Beside the time for which a grade holds its breath. */
const CALLS_MS = 1_000;

export const checks: readonly Check<NatParameters>[] = [
  {
    id: 'P1',
    says: 'Pods are seen under their own addresses, by each other and by the pods behind Services',
    points: 40,
    kind: 'observing',
    run: async (context) => rowsWork(await context.matrix(), { rows: UNTOUCHED }),
  },
  {
    id: 'P2',
    says: 'The ledger is as it was, and serves the callers of every machine',
    points: 20,
    kind: 'observing',
    paths: ({ env }) => env.session.nodes.map(({ name }) => pathFrom(name)),
    run: ledgerServes,
  },
  {
    id: 'P3',
    says: 'Where the address of a machine belongs, it still is: a pod’s own Service, NodePorts, nodes and the way out',
    points: 10,
    kind: 'observing',
    run: async (context) => rowsWork(await context.matrix(), { rows: MASQUERADED }),
  },
  {
    id: 'P5',
    says: 'Packet rules and routes of every machine, and the configuration of kube-proxy and flannel, are as before',
    points: 15,
    kind: 'observing',
    run: configurationIsAsBefore,
  },
  {
    id: 'P4',
    says: 'It survives a restart of kube-proxy and of flannel',
    points: 15,
    kind: 'acting',
    run: survivesRestart,
  },
];

async function ledgerServes(context: Context): Promise<Finding> {
  const { env, parameters } = context;
  const [deployment, pods, networks] = await Promise.all([
    env.session.kube.get<Workload>(DEPLOYMENT),
    podsWith(env.session.kube, NAMESPACE, LABELS),
    podNetworks(env),
  ]);
  if (deployment === undefined) return { ok: false, observed: 'there is no Deployment ledger in shop' };
  const wanted = ledgerPod(env.session.addonContext.toolboxImage, parameters.home, networks);
  const problems = [
    ...differencesOf(deployment.spec.template.spec as unknown as LedgerPod, wanted),
    ...(pods.length === 1 && pods.every(isReady) ? [] : [`${String(pods.filter(isReady).length)} pods are ready`]),
  ];
  if (problems.length > 0) return { ok: false, observed: problems.join('; ') };
  const paths = env.session.nodes.map(({ name }) => pathFrom(name));
  const refused = await holdPaths(env, paths, CALLS_MS);
  return refused === undefined
    ? { ok: true, observed: `no caller on ${String(paths.length)} machines is refused` }
    : { ok: false, observed: refused };
}

/** Of what decides whom the ledger serves: where it runs, and what runs in it. */
function differencesOf(pod: LedgerPod, wanted: LedgerPod): readonly string[] {
  const [[container], [as]] = [pod.containers, wanted.containers];
  return [
    ...(pod.hostNetwork === true ? ['the ledger is on the network of its machine'] : []),
    ...(isDeepStrictEqual(pod.nodeSelector, wanted.nodeSelector) ? [] : ['the ledger was moved to another machine']),
    ...(isDeepStrictEqual([container.image, container.command], [as.image, as.command])
      ? []
      : ['another program runs in it']),
    ...(isDeepStrictEqual(container.env[0], as.env[0]) ? [] : ['it was told of other networks of pods']),
  ];
}

async function configurationIsAsBefore(context: Context): Promise<Finding> {
  const before = await context.before();
  const changed = await Promise.all(
    CONFIGURATIONS.map(async ({ ref, key }) => {
      const was = pictured<ConfigMap>(before, ref) ?? {};
      const now = await mustGet<ConfigMap>(context.env, ref);
      return isDeepStrictEqual(meaningOf(was, key), meaningOf(now, key)) ? [] : [ref.name];
    }),
  );
  const names = changed.flat();
  if (names.length > 0) return { ok: false, observed: `not as before: ConfigMap ${names.join(', ')}` };
  const proxy = await proxyRulesAreRight(context.env);
  return proxy.ok ? networkAsBefore(context, 'left-out') : proxy;
}

const CONFIGURATIONS = [
  { ref: KUBE_PROXY_CONFIG, key: 'config.conf' },
  { ref: FLANNEL_CONFIG, key: FLANNEL_NETWORK_KEY },
] as const;

/** However it is written: JSON is YAML. */
function meaningOf({ data }: Partial<ConfigMap>, key: string): unknown {
  return parse(data?.[key] ?? '') as unknown;
}

async function survivesRestart({ env }: Context): Promise<Finding> {
  await Promise.all([restartKubeProxy(env, undefined, RESTART_MS), restartFlannel(env, undefined, RESTART_MS)]);
  return rowsWork(await env.network.matrix(UNTOUCHED), { rows: UNTOUCHED });
}
