import type { RunEnvironment } from '../ports.ts';
import { podsWith, replacePods } from './pods.ts';

export const FLANNEL_NAMESPACE = 'kube-flannel';
export const FLANNEL_LABELS = { 'k8s-app': 'flannel' };

/** Replaces the pods of the pod network's daemon (of these nodes, or of all), and waits until the new ones are ready. */
export async function restartFlannel(
  env: RunEnvironment,
  nodes?: readonly string[],
  timeoutMs = 60_000,
): Promise<void> {
  const pods = await podsWith(env.session.kube, FLANNEL_NAMESPACE, FLANNEL_LABELS);
  const meant = pods.filter(({ spec }) => nodes?.includes(spec.nodeName ?? '') ?? true);
  await replacePods(env.session, meant, timeoutMs);
}
