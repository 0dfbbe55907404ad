import { done, notYet, waitFor } from '../../core/index.ts';
import { mustGet } from '../faults/objects.ts';
import type { RunEnvironment } from '../ports.ts';
import { isReady, refTo, type Pod, type Workload } from './objects.ts';
import { deletePods, podsWith } from './pods.ts';

export const DNS_NAMESPACE = 'kube-system';
export const DNS_LABELS = { 'k8s-app': 'kube-dns' };
export const DNS_DEPLOYMENT = refTo('apps/v1', 'Deployment', 'coredns', DNS_NAMESPACE);
export const DNS_CONFIG = refTo('v1', 'ConfigMap', 'coredns', DNS_NAMESPACE);
export const DNS_SERVICE = refTo('v1', 'Service', 'kube-dns', DNS_NAMESPACE);
export const DNS_BINDING = refTo('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'system:coredns');

/** CoreDNS's pods that are not on their way out, ready or not. */
export function dnsReplicas({ session }: RunEnvironment): Promise<readonly Pod[]> {
  return podsWith(session.kube, DNS_NAMESPACE, DNS_LABELS);
}

/** Replaces all of CoreDNS's pods at once, so that all of them read their configuration now, and waits until they serve. */
export async function restartCoreDns(env: RunEnvironment, timeoutMs = 60_000): Promise<void> {
  const old = await dnsReplicas(env);
  await deletePods(env.session.kube, old);
  await waitForCoreDns(env, { timeoutMs, without: old });
}

/** Waits until CoreDNS's pods are as many as its Deployment wants, all ready, of its newest revision, and none of `without`. */
export async function waitForCoreDns(
  env: RunEnvironment,
  { timeoutMs, without = [] }: { readonly timeoutMs: number; readonly without?: readonly Pod[] },
): Promise<void> {
  const gone = new Set(without.map(({ metadata }) => metadata.uid));
  await waitFor(
    async () => {
      const [deployment, pods] = await Promise.all([mustGet<Workload>(env, DNS_DEPLOYMENT), dnsReplicas(env)]);
      const fresh = pods.filter((pod) => isReady(pod) && !gone.has(pod.metadata.uid)).length;
      const { replicas = 1 } = deployment.spec;
      const isSettled = pods.length === replicas && fresh === replicas && isUpToDate(deployment);
      return isSettled ? done(undefined) : notYet(`${String(fresh)} of ${String(replicas)} replicas are ready`);
    },
    { what: 'CoreDNS to be ready', timeoutMs, clock: env.session.clock, intervalMs: 300 },
  );
}

function isUpToDate({ metadata, spec, status }: Workload): boolean {
  const isSeen = (status?.['observedGeneration'] ?? 0) >= (metadata.generation ?? 0);
  return isSeen && status?.['updatedReplicas'] === (spec.replicas ?? 1);
}
