import type { KubeClient, KubeObject } from '../../../core/index.ts';
import { lineageByIp } from '../lineage.ts';
import type { Surroundings } from '../surroundings.ts';

/** What the API server says right now about those whose addresses are in the rules. */
export interface ClusterNow {
  readonly lineageByIp: Surroundings['lineageByIp'];
  /** Addresses of all Services that have one. */
  readonly clusterIps: ReadonlySet<string>;
}

interface Service extends KubeObject {
  readonly spec?: { readonly clusterIPs?: readonly string[] };
}

export async function askCluster(kube: KubeClient): Promise<ClusterNow> {
  const [pods, replicaSets, services] = await Promise.all([
    kube.list('v1', 'Pod'),
    kube.list('apps/v1', 'ReplicaSet'),
    kube.list<Service>('v1', 'Service'),
  ]);
  const addresses = services.flatMap(({ spec }) => spec?.clusterIPs ?? []).filter((address) => address !== 'None');
  return { lineageByIp: lineageByIp(pods, replicaSets), clusterIps: new Set(addresses) };
}

/** For when nobody can be asked: addresses that a route of the node leads to through a pod's device count as those of live pods. */
export function clusterUnknown(routes: string): ClusterNow {
  const addresses = [...routes.matchAll(/^(\S+) dev (?:veth|cali|lxc)/gm)].map(([, address = '']) => address);
  return { lineageByIp: new Map(addresses.map((address) => [address, 'a pod'])), clusterIps: new Set() };
}
