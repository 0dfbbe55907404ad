import type { ProbeOutcome, ProbeResult } from '../agent/protocol.ts';
import type { RuleDifference } from '../rules/compare-rules.ts';
import type { Packet } from '../rules/packet.ts';
import { hostPort } from '../rules/proxy-chains.ts';
import { proxyDifferences } from '../rules/proxy-differences.ts';
import { usedEndpoints, type Endpoint, type ServicePort } from '../rules/service-ports.ts';
import { walk, type Course } from '../rules/walk.ts';
import type { ProxyConfiguration, TracedNode } from './facts.ts';
import type { TraceTarget } from './target.ts';
import type { Hop, TracedEndpoint } from './types.ts';

/** Who asks, and how its packets come to the packet filter of the node on which the Service is looked up. */
export interface TraceClient {
  /** Prober, e.g. `lab-worker/pod-a`. */
  readonly name: string;
  readonly address: string;
  readonly place: 'pod' | 'node' | 'outside';
}

/** Interfaces have many names; the rules that a trace follows ask for none of them. */
const ANY_INTERFACE = 'any';

export function nameHop(name: string, expected: string, outcome: ProbeOutcome): Hop {
  const facts = { kind: 'name', name, expected, outcome } as const;
  if (outcome.kind !== 'records')
    return { ok: false, says: `${name} does not resolve: ${wordsFor(outcome)}`, ...facts };
  const ok = outcome.records.includes(expected);
  const found = outcome.records.join(', ') || 'nothing';
  return { ok, says: `${name} is ${found}${ok ? '' : `, and should be ${expected}`}`, ...facts };
}

/** Where the nat rules of a node lead the first packet of a call. */
export function natHop(node: TracedNode, client: TraceClient, target: TraceTarget): Extract<Hop, { kind: 'nat' }> {
  const chain = client.place === 'node' ? 'OUTPUT' : 'PREROUTING';
  const table = node.tables.find(({ name }) => name === 'nat');
  const courses = walk(table, chain, firstPacket(client, target), node.addresses);
  const ways = new Set(courses.flatMap(({ end }) => (end.kind === 'dnat' ? [end.to] : []))).size;
  const facts = { kind: 'nat', node: node.name, chain, courses } as const;
  const unknown = courses.find(({ end }) => end.kind === 'unknown')?.end;
  if (node.trouble !== undefined) return { ok: false, says: `${node.name} does not answer: ${node.trouble}`, ...facts };
  if (ways > 0) return { ok: true, says: `the rules of ${node.name} know ${countOf(ways, 'way')} for it`, ...facts };
  if (unknown?.kind === 'unknown') return { ok: false, says: unknown.why, ...facts };
  if (target.service === undefined) return { ok: true, says: `no rule of ${node.name} rewrites it`, ...facts };
  if (isEmpty(target.service)) return { ok: true, says: 'none, as for every Service without endpoints', ...facts };
  return { ok: false, says: `no rule of ${node.name} takes it: ${firstMissing(courses)}`, ...facts };
}

/** The endpoints that the rules lead to beside those that the API knows. */
export function endpointsHop(
  courses: readonly Course[],
  service: ServicePort,
  policy: 'Cluster' | 'Local',
  node: string,
): Extract<Hop, { kind: 'endpoints' }> {
  const shares = new Map<string, number>();
  for (const { end, share } of courses) if (end.kind === 'dnat') shares.set(end.to, (shares.get(end.to) ?? 0) + share);
  const wanted = usedEndpoints(service, policy, node);
  const known = service.endpoints.map((endpoint) => tracedEndpoint(endpoint, shares));
  const strangers = [...shares].filter(([at]) => !known.some((endpoint) => endpoint.at === at));
  const endpoints: readonly TracedEndpoint[] = [
    ...known,
    ...strangers.map(([at, share]) => ({ at, pod: '', node: '', share, state: 'unknown' as const })),
  ];
  const left = wanted.filter((endpoint) => !shares.has(hostPort(endpoint.address, endpoint.port)));
  const dead = endpoints.filter(({ share, state }) => share > 0 && (state === 'unknown' || state === 'not-ready'));
  return {
    ok: wanted.length > 0 && left.length + dead.length === 0,
    says: endpointsText(service, wanted, left, dead),
    kind: 'endpoints',
    endpoints,
  };
}

/** Whether a packet filter lets the call through on its way to an endpoint. */
export function filterHop(node: TracedNode, client: TraceClient, target: TraceTarget, to: Destination): Hop {
  const chain = client.place === 'node' ? 'OUTPUT' : to.isOnNode ? 'INPUT' : 'FORWARD';
  const packet = { ...firstPacket(client, target), destination: to.address, port: to.port, mark: to.mark };
  const hop = filtered(node, chain, packet);
  const isRefused = hop.courses.some(({ end }) => end.kind === 'reject');
  if (target.service === undefined || !isEmpty(target.service) || !isRefused) return hop;
  return { ...hop, ok: true, says: `${node.name} refuses it at once, as it should` };
}

/** The same on the node of the endpoint, where the packet has its new address already. */
export function farFilterHop(node: TracedNode, source: string, { protocol }: TraceTarget, to: Destination): Hop {
  const packet: Packet = { source, destination: to.address, protocol, port: to.port, mark: 0, from: ANY_INTERFACE };
  return filtered(node, node.addresses.includes(to.address) ? 'INPUT' : 'FORWARD', packet);
}

function filtered(node: TracedNode, chain: string, packet: Packet): Extract<Hop, { kind: 'filter' }> {
  const table = node.tables.find(({ name }) => name === 'filter');
  const courses = walk(table, chain, packet, node.addresses);
  const policy = table?.chains.find(({ name }) => name === chain)?.policy ?? 'ACCEPT';
  const facts = { kind: 'filter', node: node.name, chain, courses } as const;
  if (node.trouble !== undefined) return { ok: false, says: `${node.name} does not answer: ${node.trouble}`, ...facts };
  const stopped = courses.find(({ end }) => end.kind === 'drop' || end.kind === 'reject');
  const last = stopped?.steps.at(-1);
  if (last !== undefined) {
    const how = stopped?.end.kind === 'drop' ? 'dropped' : 'refused';
    const where = `rule ${String(last.line)} of ${last.chain}`;
    return { ok: false, says: `${how} on ${node.name} by ${where}: ${last.rule.text}`, ...facts };
  }
  if (policy === 'DROP' && courses.some(({ end }) => end.kind === 'through')) {
    return { ok: false, says: `dropped on ${node.name} by the policy of ${chain}`, ...facts };
  }
  const doubt = courses.find(({ end }) => end.kind === 'unknown')?.end;
  const says = `${chain} of ${node.name} lets it through`;
  return {
    ok: true,
    says: doubt?.kind === 'unknown' ? `${says}, as far as can be told: ${doubt.why}` : says,
    ...facts,
  };
}

/** Where a packet goes after the nat rules. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly mark: number;
  /** Whether the node itself has the address. */
  readonly isOnNode: boolean;
}

export function sourceHop(
  node: TracedNode,
  client: TraceClient,
  target: TraceTarget,
  to: Destination,
): Extract<Hop, { kind: 'source' }> {
  const table = node.tables.find(({ name }) => name === 'nat');
  const packet = { ...firstPacket(client, target), destination: to.address, port: to.port, mark: to.mark };
  const courses = walk(table, 'POSTROUTING', packet, node.addresses);
  const isMasqueraded = courses.some(({ end }) => end.kind === 'masquerade');
  const says = isMasqueraded
    ? `${node.name} puts its own address in place of ${client.address}`
    : `the endpoint sees ${client.address}`;
  return { ok: true, says, kind: 'source', node: node.name, isMasqueraded };
}

export function routeHop(node: string, routes: readonly { readonly to: string; readonly way: string }[]): Hop {
  const dead = routes.filter(({ way }) => /^(unreachable|blackhole|prohibit)\b/.test(way));
  const says =
    dead.length === 0
      ? `${node} has a route to ${countOf(routes.length, 'endpoint')}`
      : `${node} cannot send to ${dead.map(({ to, way }) => `${to} (${way})`).join(', ')}`;
  return { ok: dead.length === 0, says, kind: 'route', node, routes };
}

/** Judged by who answered: one of the endpoints, where the answer has a name; a Service without endpoints must refuse. */
export function requestHop(
  { outcome, ms }: Pick<ProbeResult, 'outcome' | 'ms'>,
  service: ServicePort | undefined,
): Hop {
  const facts = { kind: 'request', outcome, ms } as const;
  const who = outcome.kind === 'answer' ? outcome.answer.identity : undefined;
  const pods = (service?.endpoints ?? []).map(({ pod }) => pod);
  if (service !== undefined && isEmpty(service)) {
    return { ok: outcome.kind === 'failure' && outcome.error === 'refused', says: wordsFor(outcome), ...facts };
  }
  // Probers sign with names of their own; all others answer with those of their pods.
  if (who !== undefined && service !== undefined && who.startsWith(`${service.namespace}/`) && !pods.includes(who)) {
    return { ok: false, says: `answered by ${who}, which is no endpoint of ${service.name}`, ...facts };
  }
  const ok = answers(outcome);
  return { ok, says: `${ok ? 'answered' : 'no answer'}: ${wordsFor(outcome)}`, ...facts };
}

/** All rules of kube-proxy on the node; what concerns other Services is told, and does not count. */
export function rulesHop(
  node: TracedNode,
  ports: readonly ServicePort[],
  proxy: ProxyConfiguration,
  family: 'ipv4' | 'ipv6',
  service: ServicePort | undefined,
): Hop {
  const differences = proxyDifferences(node, ports, proxy, family);
  const own = differences.filter((difference) => concerns(difference, service, ports));
  const count = countOf(differences.length, 'difference');
  const says =
    differences.length === 0
      ? `the rules of ${node.name} are those that kube-proxy should have written`
      : `${count} between the rules of ${node.name} and those that kube-proxy should have written`;
  return { ok: own.length === 0, says, kind: 'rules', node: node.name, differences };
}

function concerns({ says }: RuleDifference, service: ServicePort | undefined, ports: readonly ServicePort[]): boolean {
  if (service !== undefined && says.includes(service.name)) return true;
  return !ports.some(({ name }) => says.includes(name));
}

function firstPacket(client: TraceClient, { protocol, host, port }: TraceTarget): Packet {
  return {
    source: client.address,
    destination: host,
    protocol,
    port,
    mark: 0,
    ...(client.place === 'node' ? {} : { from: ANY_INTERFACE }),
  };
}

function tracedEndpoint(endpoint: Endpoint, shares: ReadonlyMap<string, number>): TracedEndpoint {
  const at = hostPort(endpoint.address, endpoint.port);
  const { isReady, isServing, isTerminating } = endpoint;
  return {
    at,
    pod: endpoint.pod,
    node: endpoint.node,
    share: shares.get(at) ?? 0,
    state: isReady ? 'ready' : isTerminating && isServing ? 'terminating' : 'not-ready',
  };
}

function endpointsText(
  { name }: ServicePort,
  wanted: readonly Endpoint[],
  left: readonly Endpoint[],
  dead: readonly TracedEndpoint[],
): string {
  if (wanted.length === 0) return `${name} has no endpoint that is ready`;
  const problems = [
    ...(left.length === 0 ? [] : [`the rules leave out ${left.map(({ address }) => address).join(', ')}`]),
    ...(dead.length === 0 ? [] : [`they still lead to ${dead.map(({ at }) => at).join(', ')}`]),
  ];
  return problems.length === 0
    ? `${name} has ${countOf(wanted.length, 'endpoint')}, all reached by the rules`
    : problems.join('; ');
}

/** The chain at which a call that no rule took came to the end of its way. */
function firstMissing(courses: readonly Course[]): string {
  const last = courses.flatMap(({ steps }) => steps).at(-1);
  if (last === undefined) return 'not even the jump to KUBE-SERVICES';
  return `it came as far as rule ${String(last.line)} of ${last.chain}`;
}

/** Whether somebody was reached, even if it was nobody of ours, or one who does not speak HTTP. */
function answers(outcome: ProbeOutcome): boolean {
  if (outcome.kind !== 'failure') return true;
  return outcome.error === 'wrong-identity' || outcome.connected === true;
}

function isEmpty({ endpoints }: ServicePort): boolean {
  return endpoints.every(({ isReady, isServing }) => !isReady && !isServing);
}

function wordsFor(outcome: ProbeOutcome): string {
  switch (outcome.kind) {
    case 'answer':
      return `by ${outcome.answer.identity}, which saw ${outcome.answer.observed}`;
    case 'records':
      return outcome.records.join(', ');
    case 'status':
      return `HTTP ${String(outcome.status)}`;
    case 'failure':
      return `${outcome.error} (${outcome.detail})`;
  }
}

function countOf(count: number, thing: string): string {
  return `${String(count)} ${thing}${count === 1 ? '' : 's'}`;
}
