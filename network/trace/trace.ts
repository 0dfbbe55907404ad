import { API_VERSION, type NodeHandle } from '../../core/index.ts';
import { OUTSIDE } from '../probers.ts';
import { isKnownMode } from '../rules/proxy-differences.ts';
import { familyOf, servicePorts, type ServicePort } from '../rules/service-ports.ts';
import type { ProbedLab } from '../types.ts';
import { ask, clientFor, giveKey, onBridge, proberNamed, request, type Asking } from './client.ts';
import {
  readRoute,
  readTracedCluster,
  readTracedNode,
  readTracked,
  type TracedCluster,
  type TracedNode,
} from './facts.ts';
import { ingressHop, podAtHostPort } from './front-door.ts';
import { httpRouteHop } from './gateway.ts';
import {
  endpointsHop,
  farFilterHop,
  filterHop,
  nameHop,
  natHop,
  requestHop,
  routeHop,
  rulesHop,
  sourceHop,
  type Destination,
  type TraceClient,
} from './hops.ts';
import { targetFrom, type TraceTarget } from './target.ts';
import type { Hop, Trace } from './types.ts';
import { verdictOn } from './verdict.ts';

export interface TraceOptions {
  /** Prober that asks, e.g. `lab-worker/pod-a`; by default a pod on the first worker, or `ext` for a URL. */
  readonly from?: string;
  readonly protocol?: 'tcp' | 'udp';
}

/**
 * Follows one request through the live rules of the node at which it is looked up, and makes it. Usage error for a target or
 * client that is not there; everything else that is wrong is a hop.
 */
export async function traceRequest(lab: ProbedLab, to: string, options: TraceOptions = {}): Promise<Trace> {
  const prober = proberNamed(lab, options.from ?? (to.startsWith('http:') ? OUTSIDE : undefined));
  const protocol = options.protocol ?? 'tcp';
  const [cluster, { keyId, own }] = await Promise.all([readTracedCluster(lab.kube), giveKey(lab, prober)]);
  const nodes = lab.nodes.map(({ name, addresses }) => ({ name, address: addresses.ipv4 }));
  const all = [...portsOf(cluster, 'ipv4'), ...portsOf(cluster, 'ipv6')];
  const frontDoor = nodes.find(({ name }) => podAtHostPort(cluster, name, 80) !== undefined)?.address;
  const target = targetFrom(to, protocol, {
    ports: all,
    pods: cluster.pods,
    nodes,
    frontDoor,
    headless: headlessOf(cluster),
  });
  const client = clientFor(prober, own, cluster, target);
  const hops = await followed({ lab, prober, keyId, cluster, target, client });
  return {
    apiVersion: API_VERSION,
    takenAt: lab.clock.now().toISOString(),
    from: prober.name,
    to,
    protocol,
    hops,
    verdict: verdictOn(hops),
  };
}

interface Following extends Asking {
  readonly cluster: TracedCluster;
  readonly target: TraceTarget;
  readonly client: TraceClient;
}

async function followed(following: Following): Promise<readonly Hop[]> {
  const { lab, cluster, target, prober } = following;
  const family = familyOf(target.host);
  const owner = lab.nodes.find(({ addresses }) => Object.values(addresses).includes(target.host));
  // Another node's address is looked up there; all others where the packet first meets rules.
  const handle = owner ?? (prober.role === 'ext' ? (lab.nodes[0] ?? prober.node) : prober.node);
  const arriving = handle === prober.node ? following : { ...following, client: seenFromAfar(following) };
  const near = await readTracedNode(handle, family);
  const nat = natHop(near, arriving.client, target);
  const destinations = destinationsOf(nat, target, near.addresses);
  const [name, leaving, onward, answered, tracked] = await Promise.all([
    nameHopFor(following),
    handle === prober.node || prober.role === 'ext' ? [] : leavingHop(following),
    onwardHops(arriving, handle, near, destinations),
    request(following, following.target),
    readTracked(handle, target),
  ]);
  const ports = portsOf(cluster, family);
  return [
    ...name,
    ...leaving,
    nat,
    ...serviceHops(arriving, nat, near.name),
    ...onward,
    ...doorHops(following, ports),
    requestHop(answered, target.service),
    { ok: true, says: trackedText(tracked), kind: 'tracked', node: near.name, entries: tracked },
    ...(isKnownMode(cluster.proxy.mode) ? [rulesHop(near, ports, cluster.proxy, family, target.service)] : []),
  ];
}

/** What leaves the pods for a node's address is masqueraded by the node that it leaves. */
function seenFromAfar({ prober, client, target }: Following): TraceClient {
  return { ...client, place: 'outside', address: onBridge(prober.node, familyOf(target.host)) };
}

async function leavingHop({ prober, client, target }: Following): Promise<readonly Hop[]> {
  const node = await readTracedNode(prober.node, familyOf(target.host));
  return [filterHop(node, client, target, { address: target.host, port: target.port, mark: 0, isOnNode: false })];
}

function serviceHops({ client, target }: Following, nat: NatHop, node: string): readonly Hop[] {
  const { service } = target;
  if (service === undefined) return [];
  const isFromOutside = target.host !== service.clusterIP && client.place === 'outside';
  const policy = isFromOutside ? service.externalPolicy : service.internalPolicy;
  return [endpointsHop(nat.courses, service, policy, node)];
}

/** Filter, route and source, on the node itself and then on those of the endpoints. */
async function onwardHops(
  { lab, cluster, target, client }: Following,
  handle: NodeHandle,
  near: TracedNode,
  destinations: readonly Destination[],
): Promise<readonly Hop[]> {
  const [first] = destinations;
  if (first === undefined) return [];
  const filter = filterHop(near, client, target, first);
  if (filter.kind === 'filter' && filter.courses.some(({ end }) => end.kind === 'reject')) return [filter];
  const source = sourceHop(near, client, target, first);
  const seenAs = source.isMasqueraded ? onBridge(handle, familyOf(target.host)) : client.address;
  const far = lab.nodes
    .filter(({ name }) => name !== near.name)
    .flatMap((node) => {
      const to = destinations.find(({ address }) => nodeOf(cluster, lab, address) === node.name);
      return to === undefined ? [] : [{ node, to }];
    });
  const [routes, filters] = await Promise.all([
    Promise.all(destinations.map(async ({ address }) => ({ to: address, way: await readRoute(handle, address) }))),
    Promise.all(
      far.map(async ({ node, to }) =>
        farFilterHop(await readTracedNode(node, familyOf(target.host)), seenAs, target, to),
      ),
    ),
  ]);
  return [filter, routeHop(near.name, routes), source, ...filters];
}

function nodeOf(cluster: TracedCluster, lab: ProbedLab, address: string): string | undefined {
  const pod = cluster.pods.find((one) => one.address === address);
  return pod?.node ?? lab.nodes.find(({ addresses }) => Object.values(addresses).includes(address))?.name;
}

/** Behind the front door: which Ingress or HTTPRoute takes it. What the controller does with it, the request shows. */
function doorHops({ cluster, target }: Following, ports: readonly ServicePort[]): readonly Hop[] {
  if (target.http === undefined) return [];
  const ingress = ingressHop(cluster.ingresses, ports, target.http);
  const route = httpRouteHop(cluster.gateway, ports, target.http);
  if (route === undefined) return [ingress];
  // Where an Ingress wants the same request, both are shown: which of them wins is the controller's own affair.
  return ingress.ingress === '' ? [route] : [ingress, route];
}

type NatHop = Extract<Hop, { kind: 'nat' }>;

/** Where the calls go after the nat rules; as they came, where no rule rewrites them. */
function destinationsOf(nat: NatHop, target: TraceTarget, localAddresses: readonly string[]): readonly Destination[] {
  const ways = nat.courses.flatMap(({ end, mark }) => (end.kind === 'dnat' ? [{ ...addressIn(end.to), mark }] : []));
  const all = ways.length === 0 ? [{ address: target.host, port: target.port, mark: 0 }] : ways;
  return all.map((one) => ({ ...one, isOnNode: localAddresses.includes(one.address) }));
}

function addressIn(text: string): { readonly address: string; readonly port: number } {
  const [, bracketed, plain = '', port = ''] = /^(?:\[(.+)\]|(.*)):(\d+)$/.exec(text) ?? [];
  return { address: bracketed ?? plain, port: Number(port) };
}

async function nameHopFor(following: Following): Promise<readonly Hop[]> {
  const { target, client } = following;
  if (target.name === undefined || client.place !== 'pod') return [];
  const recordType = familyOf(target.host) === 'ipv6' ? 'AAAA' : 'A';
  const { outcome } = await ask(following, { kind: 'dns', name: `${target.name}.`, recordType });
  return [nameHop(target.name, target.host, outcome)];
}

function headlessOf({ services }: TracedCluster): readonly string[] {
  return services.flatMap(({ metadata, spec }) =>
    spec?.clusterIPs?.[0] === 'None' ? [`${metadata.namespace ?? ''}/${metadata.name}`] : [],
  );
}

function portsOf({ services, slices }: TracedCluster, family: 'ipv4' | 'ipv6'): readonly ServicePort[] {
  return servicePorts(services, slices, family);
}

function trackedText(entries: readonly string[]): string {
  if (entries.length === 0) return 'connection tracking remembers nothing of it';
  return `connection tracking remembers ${String(entries.length)} such ${entries.length === 1 ? 'call' : 'calls'}`;
}
