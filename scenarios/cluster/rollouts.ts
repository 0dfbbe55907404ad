import type { KubeClient } from '../../core/index.ts';
import type { Pod, Workload } from './objects.ts';
import { deletePods } from './pods.ts';

/** Each Deployment, DaemonSet and StatefulSet whose pods are not all of its latest template and ready, as `Deployment web: 1 of 2 pods`. */
export async function unfinishedRollouts(kube: KubeClient): Promise<readonly string[]> {
  const kinds = ['Deployment', 'DaemonSet', 'StatefulSet'];
  const workloads = (await Promise.all(kinds.map((kind) => kube.list<Workload>('apps/v1', kind)))).flat();
  return workloads.flatMap((workload) => {
    const { wanted, there } = progressOf(workload);
    const isSeen = (workload.status?.['observedGeneration'] ?? 0) >= (workload.metadata.generation ?? 0);
    if (isSeen && there.every((count) => count === wanted)) return [];
    return [`${workload.kind} ${workload.metadata.name}: ${String(Math.min(...there))} of ${String(wanted)} pods`];
  });
}

/** Whatever the pods of a workload wait for is over: those that count the minutes to their next try are made anew. */
export async function renewWaitingPods(kube: KubeClient): Promise<void> {
  const pods = await kube.list<Pod>('v1', 'Pod');
  await deletePods(kube, pods.filter(isBackingOff), 1);
}

/**
 * Pods that a kubelet has given up, as it does with those of a Node object that was away, stay beside those that have taken their place: only
 * DaemonSets and StatefulSets remove them. Nobody looks for a fault that is over.
 */
export async function removeFailedPods(kube: KubeClient): Promise<void> {
  const pods = await kube.list<Pod>('v1', 'Pod');
  const isLeft = ({ metadata, status }: Pod): boolean =>
    status?.phase === 'Failed' && (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'ReplicaSet');
  await deletePods(kube, pods.filter(isLeft), 1);
}

function progressOf({ kind, spec, status = {} }: Workload): {
  readonly wanted: number;
  readonly there: readonly number[];
} {
  const count = (field: string): number => status[field] ?? 0;
  if (kind === 'DaemonSet') {
    const there = [count('currentNumberScheduled'), count('updatedNumberScheduled'), count('numberReady')];
    return { wanted: count('desiredNumberScheduled'), there };
  }
  return { wanted: spec.replicas ?? 1, there: [count('replicas'), count('updatedReplicas'), count('readyReplicas')] };
}

const BACKING_OFF = /BackOff$|^(ErrImage|InvalidImage|CreateContainer|RunContainer)/;

/** A static pod is its kubelet's, and a pod without a controller nobody would make again. */
function isBackingOff({ metadata, status }: Pod): boolean {
  const owners = metadata.ownerReferences ?? [];
  if (owners.length === 0 || owners.some(({ kind }) => kind === 'Node')) return false;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.some(({ state }) => BACKING_OFF.test(state?.waiting?.reason ?? ''));
}
