import type { CheckResult } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';
import { isReady } from './objects.ts';
import { podsWith, replacePods } from './pods.ts';

const NAMESPACE = 'kube-flannel';
const LABELS = { 'k8s-app': 'flannel' };

/** What a challenge requires whose faults are about flannel's part of a machine. */
export async function flannelIsThere({ session }: RunEnvironment): Promise<CheckResult> {
  const ready = (await podsWith(session.kube, NAMESPACE, LABELS)).filter(isReady).length;
  return {
    id: 'flannel',
    says: 'flannel keeps the pod network on every machine',
    ok: ready === session.nodes.length,
    observed: `${String(ready)} of ${String(session.nodes.length)} of its pods are ready`,
  };
}

/** Replaces the pods of the pod network's daemon (of these nodes, or of all), and waits until the new ones are ready. */
export async function restartFlannel(
  env: RunEnvironment,
  nodes?: readonly string[],
  timeoutMs = 60_000,
): Promise<void> {
  const pods = await podsWith(env.session.kube, NAMESPACE, LABELS);
  const meant = pods.filter(({ spec }) => nodes?.includes(spec.nodeName ?? '') ?? true);
  await replacePods(env.session, meant, timeoutMs);
}
