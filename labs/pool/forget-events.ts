import type { KubeClient } from '../../core/index.ts';

/**
 * Removes all Events of a cluster. Waking one makes it tell of nodes that are not ready for a second and of kubelets that begin, and a learner who looks for
 * a fault should not find those.
 */
export async function forgetEvents(kube: KubeClient): Promise<void> {
  const namespaces = await kube.list('v1', 'Namespace');
  await Promise.all(namespaces.map(({ metadata }) => kube.raw('DELETE', `/api/v1/namespaces/${metadata.name}/events`)));
}
