import type { KubeObject } from '../../core/index.ts';

/** The fields of a pod that pictures look at. */
interface PodShape {
  readonly spec?: { readonly hostNetwork?: boolean; readonly nodeName?: string };
  readonly status?: { readonly phase?: string; readonly podIPs?: readonly { readonly ip: string }[] };
}

interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

/** The object that made this one and keeps it as it should be; undefined for what somebody made by hand. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  const owners: readonly OwnerReference[] = object.metadata.ownerReferences ?? [];
  return owners.find(({ controller }) => controller === true);
}

/**
 * `namespace/Kind/name` of what a pod comes from: of its Deployment where a ReplicaSet made it, and its own name for a pod
 * that nobody would make again.
 */
export function lineageOf(pod: KubeObject, replicaSets: readonly KubeObject[]): string {
  const { namespace = '', name } = pod.metadata;
  const owner = controllerOf(pod);
  if (owner === undefined) return `${namespace}/Pod/${name}`;
  const replicaSet =
    owner.kind === 'ReplicaSet'
      ? replicaSets.find(({ metadata }) => metadata.namespace === namespace && metadata.name === owner.name)
      : undefined;
  const origin = (replicaSet && controllerOf(replicaSet)) ?? owner;
  return `${namespace}/${origin.kind}/${origin.name}`;
}

/** Address → lineage of every pod that holds an address of its own; a finished pod has given its back. */
export function lineageByIp(
  pods: readonly KubeObject[],
  replicaSets: readonly KubeObject[],
): ReadonlyMap<string, string> {
  return new Map(
    pods.flatMap((pod) => {
      const { spec, status } = pod as PodShape;
      if (spec?.hostNetwork === true || status?.phase === 'Succeeded' || status?.phase === 'Failed') return [];
      const lineage = lineageOf(pod, replicaSets);
      return (status?.podIPs ?? []).map(({ ip }) => [ip, lineage] as const);
    }),
  );
}
