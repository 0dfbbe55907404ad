import { done, notYet, waitFor, type NodeHandle } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';
import { isReady, refTo, type Pod } from './objects.ts';
import { podsWith, replacePods, waitForPods } from './pods.ts';

export const KUBE_PROXY_LABELS = { 'k8s-app': 'kube-proxy' };
export const KUBE_PROXY_DAEMONSET = refTo('apps/v1', 'DaemonSet', 'kube-proxy', 'kube-system');
export const KUBE_PROXY_CONFIG = refTo('v1', 'ConfigMap', 'kube-proxy', 'kube-system');

/** kube-proxy's pods, of one node or of all. */
export async function kubeProxyPods(env: RunEnvironment, node?: string): Promise<readonly Pod[]> {
  const pods = await podsWith(env.session.kube, 'kube-system', KUBE_PROXY_LABELS);
  return node === undefined ? pods : pods.filter((pod) => pod.spec.nodeName === node);
}

/**
 * Replaces kube-proxy's pods (of one node or of all) and waits until the new ones have written their rules, which /healthz says:
 * Ready says nothing, since the DaemonSet has no probe. The kubelet may tell of it later than they work, so that is waited for too.
 */
export async function restartKubeProxy(
  env: RunEnvironment,
  node?: string,
  timeoutMs = 60_000,
): Promise<readonly Pod[]> {
  const pods = await replacePods(env.session, await kubeProxyPods(env, node), timeoutMs);
  const nodes = env.session.nodes.filter(({ name }) => node === undefined || name === node);
  await Promise.all(nodes.map((one) => waitUntilHealthy(env, one, timeoutMs)));
  await waitForPods(env.session, {
    namespace: 'kube-system',
    labels: KUBE_PROXY_LABELS,
    what: 'kube-proxy’s pods to be Ready',
    timeoutMs,
    accept: (now) => nodes.every(({ name }) => now.some((pod) => pod.spec.nodeName === name && isReady(pod))),
  });
  return pods;
}

/** Waits until kube-proxy on the node says that its rules are up to date. */
export async function waitUntilHealthy(env: RunEnvironment, node: NodeHandle, timeoutMs: number): Promise<void> {
  await waitFor(
    async () => {
      const health = await kubeProxyHealth(node);
      return health.ok ? done(undefined) : notYet(health.observed);
    },
    { what: `kube-proxy on ${node.name} to be healthy`, timeoutMs, clock: env.session.clock, intervalMs: 300 },
  );
}

/** What kube-proxy's own /healthz says, asked on the node itself. */
export async function kubeProxyHealth(node: NodeHandle): Promise<{ readonly ok: boolean; readonly observed: string }> {
  const { stdout } = await node.exec(
    [
      'curl',
      '--silent',
      '--max-time',
      '5',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code}',
      'http://127.0.0.1:10256/healthz',
    ],
    { okExitCodes: [0, 7, 28, 52, 56] },
  );
  const code = stdout.trim();
  if (code === '200') return { ok: true, observed: `${node.name}: healthy` };
  return {
    ok: false,
    observed: `${node.name}: ${code === '000' ? 'nothing answers on 10256' : `healthz says ${code}`}`,
  };
}
