import { elapsedMs, type KubeObject } from '../../core/index.ts';
import { echoPodSpec } from '../../network/index.ts';
import { isReady, refOf } from '../cluster/objects.ts';
import { podsWith, waitForPods } from '../cluster/pods.ts';
import type { Finding } from '../define.ts';
import type { RunEnvironment } from '../ports.ts';
import { nodeGets } from './node-gets.ts';

const NAME = 'kubedrill-canary';
const NAMESPACE = 'shop';
const LABELS = { app: NAME };

/** Has a pod placed on the node by the scheduler, waits until it is Ready, and calls it from every node. */
export async function canaryPodRuns(env: RunEnvironment, node: string, timeoutMs: number): Promise<Finding> {
  const { kube, clock, nodes } = env.session;
  const canary = canaryFor(env, node);
  const startNs = clock.monotonicNs();
  try {
    await kube.create(canary);
    const what = `a new pod on ${node}`;
    await waitForPods(env.session, {
      namespace: NAMESPACE,
      labels: LABELS,
      what,
      timeoutMs,
      accept: (pods) => pods.some(isReady),
    });
    const tookMs = elapsedMs(startNs, clock.monotonicNs());
    const [pod] = await podsWith(kube, NAMESPACE, LABELS);
    const url = `http://${pod?.status?.podIP ?? ''}:8080/`;
    const answers = await Promise.all(nodes.map((one) => nodeGets(one, url, `${NAMESPACE}/${NAME}`)));
    const silent = nodes.filter((_one, index) => answers[index] !== true).map(({ name }) => name);
    if (silent.length > 0)
      return { ok: false, observed: `a new pod on ${node} does not answer from ${silent.join(', ')}` };
    return { ok: true, observed: `a new pod on ${node} was ready after ${(tookMs / 1000).toFixed(1)} s` };
  } finally {
    await kube.delete(refOf(canary), { graceSeconds: 1 }).catch(() => undefined);
  }
}

function canaryFor({ session }: RunEnvironment, node: string): KubeObject {
  const probe = { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 };
  const spec = echoPodSpec(session.addonContext.toolboxImage, NAME, probe);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: { ...spec, nodeSelector: { 'kubernetes.io/hostname': node } },
  };
}
