import { KUBE_PROXY_DAEMONSET, restartKubeProxy, waitUntilHealthy } from '../../cluster/kube-proxy.ts';
import { controlPlaneOf, nodeOf } from '../../cluster/nodes.ts';
import { done, notYet, waitFor } from '../../../core/index.ts';
import type { Workload } from '../../cluster/objects.ts';
import type { Play, PlayContext } from '../../define.ts';
import { mustGet } from '../../faults/objects.ts';
import type { StaleParameters } from './parameters.ts';
import { correctConfig, onVictim } from './repair.ts';

type Context = PlayContext<StaleParameters>;

const BY_CONFIG = ['deaf', 'silent-api'];
const TIMEOUT_MS = 90_000;

/** Other ways to make it follow again. */
export const fixes: readonly Play<StaleParameters>[] = [
  {
    name: 'pod-deleted',
    says: 'kube-proxy’s pod on the machine deleted: its DaemonSet makes another',
    variants: ['frozen'],
    run: async ({ env, parameters }) => {
      await restartKubeProxy(env, parameters.victim, TIMEOUT_MS);
    },
  },
  {
    name: 'process-killed',
    says: 'the stopped process killed: the kubelet starts the container again',
    variants: ['frozen'],
    run: async (context) => {
      await onVictim(context, 'pkill', '-KILL', '-x', 'kube-proxy');
      const { env, parameters } = context;
      await waitUntilHealthy(env, nodeOf(env.session, parameters.victim), TIMEOUT_MS);
    },
  },
  {
    name: 'kubeadm-phase',
    says: 'kubeadm lays the add-on down again, then kube-proxy’s pods are deleted',
    variants: BY_CONFIG,
    run: async ({ env }) => {
      const phase = ['init', 'phase', 'addon', 'kube-proxy', '--config', '/kind/kubeadm.conf'];
      await controlPlaneOf(env.session).exec(['kubeadm', ...phase], { timeoutMs: 60_000 });
      await restartKubeProxy(env);
    },
  },
  {
    name: 'rolled-out-again',
    says: 'the ConfigMap corrected, then kubectl rollout restart',
    variants: BY_CONFIG,
    run: async (context) => {
      await correctConfig(context);
      await rollOutAgain(context);
    },
  },
];

/** As `kubectl rollout restart` does it, and `rollout status` waits for it. */
async function rollOutAgain({ env, run }: Context): Promise<void> {
  const { kube, clock, nodes } = env.session;
  const annotations = { 'kubectl.kubernetes.io/restartedAt': run };
  await kube.patch(KUBE_PROXY_DAEMONSET, 'strategic', { spec: { template: { metadata: { annotations } } } });
  await waitFor(
    async () => {
      const { status = {}, metadata } = await mustGet<Workload>(env, KUBE_PROXY_DAEMONSET);
      const isSeen = status['observedGeneration'] === metadata.generation;
      const ready = status['updatedNumberScheduled'] === nodes.length && status['numberReady'] === nodes.length;
      return isSeen && ready ? done(undefined) : notYet(`${String(status['updatedNumberScheduled'] ?? 0)} are new`);
    },
    { what: 'the roll-out of kube-proxy', timeoutMs: TIMEOUT_MS, clock, intervalMs: 500 },
  );
  await Promise.all(nodes.map((node) => waitUntilHealthy(env, node, TIMEOUT_MS)));
}
