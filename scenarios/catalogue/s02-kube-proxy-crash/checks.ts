import { parse } from 'yaml';
import { canaryServiceFollows } from '../../checks/canary-service.ts';
import { nodesThatNeverGet } from '../../checks/node-gets.ts';
import { rowsWork } from '../../checks/matrix-rows.ts';
import { proxyRulesAreRight } from '../../checks/proxy-rules.ts';
import { rightsAreNoWider } from '../../checks/rights.ts';
import {
  KUBE_PROXY_CONFIG,
  KUBE_PROXY_DAEMONSET,
  kubeProxyHealth,
  kubeProxyPods,
  restartKubeProxy,
} from '../../cluster/kube-proxy.ts';
import { isReady, refTo, type ConfigMap, type Service, type Workload } from '../../cluster/objects.ts';
import type { Check, CheckContext, Finding } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import type { CrashParameters } from './parameters.ts';

type Context = CheckContext<CrashParameters>;

const ROWS = ['M6', 'M7', 'M8', 'M9'];
const RESTART_MS = 30_000;
const PROXY_RIGHTS = {
  role: 'system:node-proxier',
  serviceAccount: { namespace: 'kube-system', name: 'kube-proxy' },
  user: 'system:kube-proxy',
};

export const checks: readonly Check<CrashParameters>[] = [
  {
    id: 'P1',
    says: 'kube-proxy is healthy on every node, with its own image and in its own mode',
    points: 20,
    kind: 'observing',
    run: proxyIsItself,
  },
  {
    id: 'P2',
    says: 'Services answer from every node, on every NodePort, and the new Service answers too',
    points: 30,
    kind: 'observing',
    paths: ({ env }) => env.session.nodes.flatMap(({ name }) => [`o.svc@${name}`, `o.np@${name}`]),
    run: servicesAnswer,
  },
  {
    id: 'P4',
    says: 'The rules of every node are those that kube-proxy writes for the endpoints that there are',
    points: 10,
    kind: 'observing',
    run: ({ env }) => proxyRulesAreRight(env),
  },
  {
    id: 'P5',
    says: 'Nobody may do more than before',
    points: 10,
    kind: 'observing',
    run: (context) => rightsAreNoWider(context, PROXY_RIGHTS),
  },
  {
    id: 'P3',
    says: 'A Service created now works from every node within 5 s, and is gone within 5 s of its deletion',
    points: 20,
    kind: 'acting',
    run: (context) => canaryServiceFollows(context, context.env.session.nodes),
  },
  {
    id: 'P6',
    says: 'After one more restart of kube-proxy everything still works',
    points: 10,
    kind: 'acting',
    run: worksAfterRestart,
  },
];

async function proxyIsItself(context: Context): Promise<Finding> {
  const { env } = context;
  const before = (await context.before()).objects;
  const [config, set, pods] = await Promise.all([
    mustGet<ConfigMap>(env, KUBE_PROXY_CONFIG),
    mustGet<Workload>(env, KUBE_PROXY_DAEMONSET),
    kubeProxyPods(env),
  ]);
  const wasConfig = JSON.parse(before['v1/ConfigMap/kube-system/kube-proxy'] ?? '{}') as Partial<ConfigMap>;
  const wasSet = JSON.parse(before['apps/v1/DaemonSet/kube-system/kube-proxy'] ?? '{}') as Partial<Workload>;
  const healths = await Promise.all(env.session.nodes.map(kubeProxyHealth));
  const ready = pods.filter(isReady).length;
  const problems = [
    ...healths.filter(({ ok }) => !ok).map(({ observed }) => observed),
    ...(ready === env.session.nodes.length
      ? []
      : [`${String(ready)} of ${String(env.session.nodes.length)} pods are ready`]),
    ...(modeOf(config) === modeOf(wasConfig) ? [] : [`the mode is "${modeOf(config)}", not "${modeOf(wasConfig)}"`]),
    ...(imageOf(set) === imageOf(wasSet) ? [] : [`the image is ${imageOf(set)}`]),
  ];
  if (problems.length > 0) return { ok: false, observed: problems.join('; ') };
  return { ok: true, observed: `${String(ready)} pods ready, every /healthz answers 200, mode and image as before` };
}

function modeOf({ data }: Partial<ConfigMap>): string {
  const { mode = '' } = parse(data?.['config.conf'] ?? '{}') as { readonly mode?: string };
  return mode;
}

function imageOf({ spec }: Partial<Workload>): string {
  return spec?.template.spec.containers[0]?.image ?? '';
}

async function servicesAnswer(context: Context): Promise<Finding> {
  const late = await lateAnswers(context);
  if (!late.ok) return late;
  const rows = rowsWork(await context.matrix(), { rows: ROWS });
  return { ok: rows.ok, observed: `${late.observed}; ${rows.observed}` };
}

/** The Service that came after the crash, asked for from each node itself. */
async function lateAnswers({ env }: Context): Promise<Finding> {
  const late = await env.session.kube.get<Service>(refTo('v1', 'Service', 'late', 'shop'));
  if (!late) return { ok: false, observed: 'the Service late is gone' };
  const silent = await nodesThatNeverGet(env, `http://${late.spec.clusterIP ?? ''}/`, 'shop/web-');
  if (silent.length > 0) return { ok: false, observed: `the Service late does not answer from ${silent.join(', ')}` };
  return { ok: true, observed: 'the Service late answers from every node' };
}

async function worksAfterRestart({ env }: Context): Promise<Finding> {
  await restartKubeProxy(env, undefined, RESTART_MS);
  return rowsWork(await env.network.matrix(ROWS), { rows: ROWS });
}
