import type { KubeClient } from '../../core/index.ts';
import { done, notYet, waitFor, type Clock } from '../../core/index.ts';
import { isReady, refTo, selectorText, type Pod, type Workload } from './objects.ts';

/** What waiting for pods needs of a lab. */
export interface PodWorld {
  readonly kube: KubeClient;
  readonly clock: Clock;
}

/** The pods of a Deployment, DaemonSet or StatefulSet that are not on their way out, by name. */
export async function podsOf(kube: KubeClient, workload: Workload): Promise<readonly Pod[]> {
  return podsWith(kube, workload.metadata.namespace ?? 'default', workload.spec.selector.matchLabels ?? {});
}

/** Pods with these labels that are not on their way out, by name. */
export async function podsWith(
  kube: KubeClient,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Promise<readonly Pod[]> {
  const pods = await kube.list<Pod>('v1', 'Pod', { namespace, labelSelector: selectorText(labels) });
  return pods
    .filter((pod) => pod.metadata.deletionTimestamp === undefined)
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}

/** Deletes the pods and waits until as many new ones with the same labels are ready; returns the new ones. */
export async function replacePods(world: PodWorld, pods: readonly Pod[], timeoutMs = 60_000): Promise<readonly Pod[]> {
  const first = pods[0];
  if (!first) return [];
  const { namespace = 'default' } = first.metadata;
  const labels = lastingLabels(first);
  const known = new Set((await podsWith(world.kube, namespace, labels)).map((pod) => pod.metadata.uid));
  const fresh = (now: readonly Pod[]): readonly Pod[] => now.filter((pod) => !known.has(pod.metadata.uid));
  await deletePods(world.kube, pods);
  const after = await waitForPods(world, {
    namespace,
    labels,
    timeoutMs,
    accept: (now) => fresh(now).filter(isReady).length >= pods.length,
    what: `new pods in place of ${pods.map((pod) => pod.metadata.name).join(', ')}`,
  });
  return fresh(after);
}

/** Asks for the pods' deletion and does not wait. */
export async function deletePods(kube: KubeClient, pods: readonly Pod[], graceSeconds?: number): Promise<void> {
  const options = graceSeconds === undefined ? {} : { graceSeconds };
  await Promise.all(
    pods.map(({ metadata }) => kube.delete(refTo('v1', 'Pod', metadata.name, metadata.namespace), options)),
  );
}

/** Pods that mount a ConfigMap or take variables from it, and that a controller would make again. */
export async function podsReading(kube: KubeClient, namespace: string, configMap: string): Promise<readonly Pod[]> {
  const pods = await kube.list<Pod>('v1', 'Pod', { namespace });
  return pods.filter(
    ({ metadata, spec }) => (metadata.ownerReferences ?? []).length > 0 && namesConfigMap(spec, configMap),
  );
}

/** A volume, a source of one, or variables: at whatever depth. */
function namesConfigMap(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([field, inner]: readonly [string, unknown]) =>
      (/^configMap(Ref|KeyRef)?$/.test(field) && (inner as { readonly name?: unknown }).name === name) ||
      namesConfigMap(inner, name),
  );
}

/** Labels that the pod's successor will have too. */
function lastingLabels(pod: Pod): Readonly<Record<string, string>> {
  const passing = ['pod-template-hash', 'controller-revision-hash', 'pod-template-generation'];
  return Object.fromEntries(Object.entries(pod.metadata.labels ?? {}).filter(([key]) => !passing.includes(key)));
}

export interface PodWait {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly what: string;
  readonly timeoutMs: number;
  accept(pods: readonly Pod[]): boolean;
}

/** Waits until the pods with these labels are as wanted; returns them. */
export async function waitForPods(world: PodWorld, wait: PodWait): Promise<readonly Pod[]> {
  return waitFor(
    async () => {
      const pods = await podsWith(world.kube, wait.namespace, wait.labels);
      if (wait.accept(pods)) return done(pods);
      return notYet(
        pods.map((pod) => `${pod.metadata.name} ${isReady(pod) ? 'ready' : 'not ready'}`).join(', ') || 'no pods',
      );
    },
    { what: wait.what, timeoutMs: wait.timeoutMs, clock: world.clock, intervalMs: 300 },
  );
}
