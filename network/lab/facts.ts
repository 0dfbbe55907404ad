import { isIPv4 } from 'node:net';
import type { AddonContext, KubeClient, KubeObject, NodeHandle } from '../../core/index.ts';
import { NODE_LABEL, PROBER_LABEL, PROBES_NAMESPACE } from '../addon/names.ts';
import type { ProberState } from '../agent/protocol.ts';
import { PROBER_PORTS, type ProberRole } from '../probers.ts';
import { loadBalancersOf, routesOf, type LoadBalancers, type Routes } from './entrances.ts';
import { readHttpRoutes, type HttpRouteObject } from './http-routes.ts';
import { SHOP_NAMESPACE } from './names.ts';
import type { ProberRef } from './prober-refs.ts';

/** What a plan has to know of a lab. Plain data, so that plans are tried without one. */
export interface LabFacts {
  readonly nodes: readonly NodeFacts[];
  readonly keeper: { readonly name: string; readonly addresses: readonly string[] };
  readonly probers: readonly ProberFacts[];
  /** Services of the probes' namespace by name. */
  readonly services: Readonly<Record<string, ServiceFacts>>;
  /** Addresses of all pods that have one of their own, with their names, e.g. `shop/web-1`. */
  readonly podAddresses: readonly { readonly pod: string; readonly address: string }[];
  /** Address of the cluster's DNS Service. */
  readonly dnsServer?: string;
  /** The API server's own Service `kubernetes`, and the authority that signs its certificate (PEM). */
  readonly kubernetes?: ServiceFacts & { readonly ca: string };
  /** An address among those of the Services that no Service has, as after one was deleted. */
  readonly unusedServiceAddress?: string;
  /** The shop's Service `web`, where the lab has one. */
  readonly shop?: ServiceFacts;
  /** Where the ingress controller listens; `absent` says why there is none. */
  readonly frontDoor: FrontDoor;
  readonly routes: Routes;
  readonly loadBalancers: LoadBalancers;
}

type FrontDoor = { readonly node: string; readonly addresses: readonly string[] } | { readonly absent: string };

export interface NodeFacts {
  readonly name: string;
  /** On the lab's bridge. */
  readonly bridge: { readonly ipv4: string; readonly ipv6?: string };
  /** Everything that counts as an address of this node, also towards its own pods. */
  readonly addresses: readonly string[];
}

export interface ProberFacts {
  readonly name: string;
  /** Empty for the outside prober. */
  readonly node: string;
  readonly role: ProberRole;
  /** Where others reach it: the addresses that the API knows for pods, those on the bridge for the rest. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** What it reads on its own interfaces; absent when it did not answer. */
  readonly own?: readonly string[];
  /** Why it cannot probe; absent when it can. */
  readonly down?: string;
}

export interface ServiceFacts {
  readonly clusterIPs: readonly string[];
  readonly port: number;
  readonly nodePort?: number;
}

/** What the API server knows of a lab's network. */
export interface ClusterFacts {
  readonly pods: readonly PodView[];
  readonly services: readonly ServiceView[];
  /** Undefined where the API server does not serve the kind. */
  readonly httpRoutes: readonly HttpRouteObject[] | undefined;
  /** Of the API server's certificate, as pods get it; PEM. */
  readonly ca: string | undefined;
}

interface PodView extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly { readonly ports?: readonly { readonly hostPort?: number }[] }[];
  };
  readonly status?: { readonly phase?: string; readonly podIPs?: readonly { readonly ip: string }[] };
}

export interface ServiceView extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly externalTrafficPolicy?: string;
    readonly clusterIPs?: readonly string[];
    readonly ports?: readonly { readonly port: number; readonly nodePort?: number }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

/** Reads what the plan needs from the API server, all at once. */
export async function readCluster(kube: KubeClient): Promise<ClusterFacts> {
  const [pods, services, httpRoutes, authority] = await Promise.all([
    kube.list<PodView>('v1', 'Pod'),
    kube.list<ServiceView>('v1', 'Service'),
    readHttpRoutes(kube),
    kube.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-root-ca.crt', namespace: PROBES_NAMESPACE }),
  ]);
  const data = authority?.['data'] as Readonly<Record<string, string>> | undefined;
  return { pods, services, httpRoutes, ca: data?.['ca.crt'] };
}

/** Puts together what the API server, the container engine and the probers themselves know. */
export function factsOf(
  lab: { readonly nodes: readonly NodeHandle[]; readonly keeper: NodeHandle; readonly addonContext: AddonContext },
  cluster: ClusterFacts,
  states: readonly { readonly prober: ProberRef; readonly state: ProberState | { readonly why: string } }[],
): LabFacts {
  const probers = states.map(({ prober, state }) => proberFacts(prober, state, cluster.pods));
  const service = (namespace: string, name: string): ServiceFacts | undefined =>
    serviceFacts(cluster.services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name));
  const dnsServer = service('kube-system', 'kube-dns')?.clusterIPs[0];
  const shop = service(SHOP_NAMESPACE, 'web');
  const kubernetes = service('default', 'kubernetes');
  const unusedServiceAddress = kubernetes === undefined ? undefined : unusedAddress(kubernetes, cluster.services);
  return {
    nodes: lab.nodes.map((node) => nodeFacts(node, probers)),
    keeper: { name: lab.keeper.name, addresses: bridgeAddresses(lab.keeper) },
    probers,
    services: Object.fromEntries(
      cluster.services
        .filter(({ metadata }) => metadata.namespace === PROBES_NAMESPACE)
        .map((found) => [found.metadata.name, serviceFacts(found)] as const)
        .filter((entry): entry is [string, ServiceFacts] => entry[1] !== undefined),
    ),
    podAddresses: podAddresses(cluster.pods),
    frontDoor: frontDoorOf(lab, cluster.pods),
    routes: routesOf(cluster.httpRoutes),
    loadBalancers: loadBalancersOf(cluster.services),
    ...(kubernetes === undefined || cluster.ca === undefined ? {} : { kubernetes: { ...kubernetes, ca: cluster.ca } }),
    ...(unusedServiceAddress === undefined ? {} : { unusedServiceAddress }),
    ...(dnsServer === undefined ? {} : { dnsServer }),
    ...(shop === undefined ? {} : { shop }),
  };
}

function proberFacts(
  { name, role, node }: ProberRef,
  state: ProberState | { readonly why: string },
  pods: readonly PodView[],
): ProberFacts {
  const isPod = role === 'pod-a' || role === 'pod-b';
  const base = {
    name,
    role,
    node: role === 'ext' ? '' : node.name,
    addresses: isPod ? addressesOfPod(pods, role, node.name) : bridgeAddresses(node),
  };
  if ('why' in state) return { ...base, port: PROBER_PORTS[role], down: state.why };
  return { ...base, port: state.port, own: state.own };
}

function addressesOfPod(pods: readonly PodView[], role: ProberRole, node: string): readonly string[] {
  const pod = pods.find(
    ({ metadata, spec }) =>
      metadata.namespace === PROBES_NAMESPACE &&
      metadata.labels?.[PROBER_LABEL] === role &&
      metadata.deletionTimestamp === undefined &&
      spec?.nodeName === node &&
      (metadata.labels[NODE_LABEL] ?? node) === node,
  );
  return pod === undefined ? [] : ipsOf(pod);
}

function podAddresses(pods: readonly PodView[]): LabFacts['podAddresses'] {
  return pods
    .filter(({ spec, status }) => spec?.hostNetwork !== true && status?.phase === 'Running')
    .flatMap((pod) =>
      ipsOf(pod).map((address) => ({ pod: `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, address })),
    );
}

function ipsOf(pod: PodView): readonly string[] {
  return (pod.status?.podIPs ?? []).map(({ ip }) => ip);
}

function nodeFacts(node: NodeHandle, probers: readonly ProberFacts[]): NodeFacts {
  const inItsNetwork = probers.filter((one) => one.node === node.name && (one.role === 'node' || one.role === 'host'));
  const addresses = [...bridgeAddresses(node), ...inItsNetwork.flatMap(({ own }) => own ?? [])];
  return { name: node.name, bridge: node.addresses, addresses: [...new Set(addresses)] };
}

function bridgeAddresses({ addresses: { ipv4, ipv6 } }: NodeHandle): readonly string[] {
  return [ipv4, ...(ipv6 === undefined ? [] : [ipv6])];
}

function serviceFacts(found: ServiceView | undefined): ServiceFacts | undefined {
  const port = found?.spec?.ports?.[0];
  if (port === undefined) return undefined;
  return {
    clusterIPs: (found?.spec?.clusterIPs ?? []).filter((address) => address !== 'None'),
    port: port.port,
    ...(port.nodePort === undefined ? {} : { nodePort: port.nodePort }),
  };
}

/**
 * Next to the Service `kubernetes`, which has the first address of the range: the API server gives the lowest ones to nobody by
 * itself (KEP-3070), so that none is taken while the matrix is measured.
 */
function unusedAddress({ clusterIPs }: ServiceFacts, services: readonly ServiceView[]): string | undefined {
  const base = clusterIPs
    .find((address) => isIPv4(address))
    ?.split('.')
    .slice(0, 3)
    .join('.');
  if (base === undefined) return undefined;
  const used = new Set(services.flatMap(({ spec }) => spec?.clusterIPs ?? []));
  const candidates = Array.from({ length: 200 }, (_, index) => `${base}.${String(250 - index)}`);
  return candidates.find((address) => !used.has(address));
}

/** The front door is whatever pod has host port 80: its name and namespace are of no importance. */
function frontDoorOf(
  { nodes, addonContext }: { readonly nodes: readonly NodeHandle[]; readonly addonContext: AddonContext },
  pods: readonly PodView[],
): FrontDoor {
  if (addonContext.traefikImage === undefined) return { absent: 'this lab has no ingress add-on' };
  const pod = pods.find(({ spec, metadata }) => metadata.deletionTimestamp === undefined && hasHostPort(spec, 80));
  const node = nodes.find(({ name }) => name === pod?.spec?.nodeName) ?? nodes.at(frontDoorIndex(addonContext));
  if (node === undefined) return { absent: 'no node of this lab could have a front door' };
  return { node: node.name, addresses: [node.addresses.ipv4] };
}

function hasHostPort(spec: PodView['spec'], port: number): boolean {
  return spec?.containers?.some(({ ports }) => ports?.some(({ hostPort }) => hostPort === port)) ?? false;
}

/** Where the lab puts its front door: the first worker, or the only node. A missing pod must not become a skipped cell. */
function frontDoorIndex({ topology }: AddonContext): number {
  return topology.workers === 0 ? 0 : topology.controlPlanes;
}
