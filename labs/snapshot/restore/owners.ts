import type { Clock, KubeClient, KubeObject } from '../../../core/index.ts';
import { controllerOf, lineageOf } from '../lineage.ts';

interface ProxyPod extends KubeObject {
  readonly status?: {
    readonly containerStatuses?: readonly { readonly state?: { readonly running?: { readonly startedAt?: string } } }[];
  };
}

/** A kube-proxy that has just started is about to write all its rules. */
const FRESH_MS = 3_000;

/**
 * Makes kube-proxy write all its rules on that node again, by deleting its pod: a full sync is the first thing that a new
 * one does. Answers false when there is none to delete, or one that has only just started.
 */
export async function restartKubeProxy(kube: KubeClient, node: string, clock: Clock): Promise<boolean> {
  const pods = await kube.list<ProxyPod>('v1', 'Pod', {
    namespace: 'kube-system',
    labelSelector: 'k8s-app=kube-proxy',
    fieldSelector: `spec.nodeName=${node}`,
  });
  const settled = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !isFresh(pod, clock));
  for (const { metadata } of settled) {
    await kube.delete(
      { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name: metadata.name },
      { graceSeconds: 1 },
    );
  }
  return settled.length > 0;
}

function isFresh({ status }: ProxyPod, clock: Clock): boolean {
  const startedAt = status?.containerStatuses?.[0]?.state?.running?.startedAt;
  return startedAt !== undefined && clock.now().getTime() - new Date(startedAt).getTime() < FRESH_MS;
}

/**
 * Replaces the pods of those lineages on that node: the CNI writes the rules of host ports when it makes a pod, and never
 * again. Pods that no controller would make again are left alone.
 */
export async function replaceHostPortPods(kube: KubeClient, node: string, lineages: readonly string[]): Promise<void> {
  if (lineages.length === 0) return;
  const [pods, replicaSets] = await Promise.all([
    kube.list('v1', 'Pod', { fieldSelector: `spec.nodeName=${node}` }),
    kube.list('apps/v1', 'ReplicaSet'),
  ]);
  const lost = pods.filter((pod) => controllerOf(pod) !== undefined && lineages.includes(lineageOf(pod, replicaSets)));
  for (const { metadata } of lost) {
    const { namespace = '', name } = metadata;
    await kube.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name }, { graceSeconds: 1 });
  }
}
