import type { ExpectedRule, ProxyFacts } from '../expected-rules.ts';
import { hostPort, networkOf } from '../proxy-chains.ts';
import { usedEndpoints, type Endpoint, type ServicePort } from '../service-ports.ts';
import { nftAffinitySet, nftChainOf, nftEndpointChain, type NftChainKind } from './chains.ts';

/**
 * What kube-proxy (nftables mode, default masquerade bit) writes on a node for these ports, in the words of iptables-save, into which its
 * maps are translated. Source: kube-proxy 1.35 as it writes on a cluster; a test compares a whole recorded node.
 */
export function expectedNftRules(ports: readonly ServicePort[], facts: ProxyFacts): readonly ExpectedRule[] {
  const clusterIPs = [...new Set(ports.map(({ clusterIP }) => clusterIP))];
  return [
    ...skeleton(facts),
    ...clusterIPs.map((address) =>
      filter(
        'cluster-ips-check',
        `-d ${networkOf(address)} ${rejected(facts)}`,
        `the refusal of all but the ports of ${address}`,
      ),
    ),
    ...ports.flatMap((port) => rulesOf(port, facts)),
  ];
}

const MARK = '0x4000/0x4000';
const TO_MASQUERADE = '-j mark-for-masquerade';

function skeleton(facts: ProxyFacts): readonly ExpectedRule[] {
  const isNew = '-m conntrack --ctstate NEW';
  return [
    nat('PREROUTING', '-j services', 'the way from what comes in to the Services'),
    nat('OUTPUT', '-j services', 'the way from the node itself to the Services'),
    nat('POSTROUTING', '-j masquerading', 'the way to the masquerade'),
    nat('mark-for-masquerade', `-j MARK --set-xmark ${MARK}`, 'the mark of what is to be masqueraded'),
    nat('masquerading', `-m mark ! --mark ${MARK} -j RETURN`, 'the end for what is not masqueraded'),
    nat('masquerading', '-j MARK --set-xmark 0x4000/0x0', 'the mark taken off'),
    nat('masquerading', '-j MASQUERADE --random-fully', 'the masquerade of traffic to Services'),
    filter('INPUT', `${isNew} -j nodeport-endpoints-check`, 'the refusal of NodePorts without endpoints'),
    ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) =>
      filter(chain, `${isNew} -j service-endpoints-check`, 'the refusal of Services without endpoints'),
    ),
    ...['FORWARD', 'OUTPUT'].map((chain) =>
      filter(chain, `${isNew} -j cluster-ips-check`, 'the refusal of ports that no Service has'),
    ),
    filter('reject-chain', rejected(facts), 'the refusal itself'),
  ];
}

function rulesOf(port: ServicePort, facts: ProxyFacts): readonly ExpectedRule[] {
  const used = (policy: 'Cluster' | 'Local'): readonly Endpoint[] => usedEndpoints(port, policy, facts.node);
  const all = used('Cluster');
  const isOutside = port.nodePort !== 0 || outsideAddresses(port).length > 0;
  const usesAll = all.length > 0 && (port.internalPolicy === 'Cluster' || isOutside);
  const usesLocal = port.internalPolicy === 'Local' || (isOutside && port.externalPolicy === 'Local');
  const local = usesLocal ? used('Local') : [];
  return [
    ...internalEntry(port, used(port.internalPolicy), all, facts),
    ...externalEntries(port, used(port.externalPolicy), all, facts),
    ...(isOutside && all.length > 0 ? externalChain(port, used(port.externalPolicy), facts) : []),
    ...(usesAll ? balance(port, 'service', all) : []),
    ...balance(port, 'local', local),
    ...distinct([...(usesAll ? all : []), ...local]).flatMap((one) => endpointRules(port, one)),
  ];
}

/** By the cluster IP. */
function internalEntry(
  port: ServicePort,
  used: readonly Endpoint[],
  all: readonly Endpoint[],
  facts: ProxyFacts,
): readonly ExpectedRule[] {
  const to = toPort(port.clusterIP, port, port.port);
  const chain = nftChainOf(port.internalPolicy === 'Local' ? 'local' : 'service', port);
  if (used.length === 0) return [refusal('service-endpoints-check', to, port, all)];
  return [
    nat(
      'services',
      `${to} -g ${chain}`,
      `the way of ${port.name} from its cluster IP ${hostPort(port.clusterIP, port.port)}`,
    ),
    ...facts.clusterCidrs.map((cidr) =>
      nat(
        chain,
        `-d ${networkOf(port.clusterIP)} ! -s ${cidr} ${TO_MASQUERADE}`,
        `the masquerade of calls to ${port.name} that do not come from pods`,
      ),
    ),
  ];
}

/** By NodePort, external address or load balancer: the way in, and the refusal where it leads to nobody. */
function externalEntries(
  port: ServicePort,
  used: readonly Endpoint[],
  all: readonly Endpoint[],
  { nodeAddresses }: ProxyFacts,
): readonly ExpectedRule[] {
  const chain = nftChainOf('external', port);
  const ways = [
    ...outsideAddresses(port).map((address) => ({
      to: toPort(address, port, port.port),
      says: address,
      check: 'service-endpoints-check',
    })),
    ...(port.nodePort === 0 ? [] : nodeAddresses).map((address) => ({
      to: toPort(address, port, port.nodePort),
      says: `NodePort ${String(port.nodePort)}`,
      check: 'nodeport-endpoints-check',
    })),
  ];
  return ways.flatMap(({ to, says, check }) => [
    ...(all.length === 0 ? [] : [nat('services', `${to} -g ${chain}`, `the way of ${port.name} from ${says}`)]),
    ...(used.length === 0 ? [refusal(check, to, port, all)] : []),
  ]);
}

/** What comes from outside: masqueraded, or, with the policy Local, only what comes from the cluster itself and may go anywhere. */
function externalChain(
  port: ServicePort,
  used: readonly Endpoint[],
  { clusterCidrs }: ProxyFacts,
): readonly ExpectedRule[] {
  const chain = nftChainOf('external', port);
  const all = `-g ${nftChainOf('service', port)}`;
  const ofNode = '-m addrtype --src-type LOCAL';
  const onward = `the way of ${port.name} from outside to its endpoints`;
  if (port.externalPolicy === 'Cluster') {
    return [nat(chain, TO_MASQUERADE, `the masquerade of calls to ${port.name} from outside`), nat(chain, all, onward)];
  }
  return [
    ...clusterCidrs.map((cidr) =>
      nat(chain, `-s ${cidr} ${all}`, `the way of pods to ${port.name} by outside addresses`),
    ),
    nat(chain, `${ofNode} ${TO_MASQUERADE}`, `the masquerade of the node’s own calls to ${port.name}`),
    nat(chain, `${ofNode} ${all}`, `the way of the node itself to ${port.name} by outside addresses`),
    ...(used.length === 0 ? [] : [nat(chain, `-g ${nftChainOf('local', port)}`, onward)]),
  ];
}

/** Without endpoints: refused at once; without endpoints on this node only: silence, so that load balancers try another. */
function refusal(chain: string, to: string, { name }: ServicePort, all: readonly Endpoint[]): ExpectedRule {
  return all.length > 0
    ? filter(chain, `${to} -j DROP`, `the silence of ${name}, which has no endpoint on this node`)
    : filter(chain, `${to} -g reject-chain`, `the refusal of ${name}, which has no endpoints`);
}

function balance(port: ServicePort, kind: NftChainKind, endpoints: readonly Endpoint[]): readonly ExpectedRule[] {
  const meant = distinct(endpoints);
  return meant.map((endpoint) => ({
    ...nat(
      nftChainOf(kind, port),
      `-g ${nftEndpointChain(port, endpoint.address, endpoint.port)}`,
      `the way of ${port.name} to its endpoint ${hostPort(endpoint.address, endpoint.port)}`,
    ),
    share: 1 / meant.length,
  }));
}

function endpointRules(port: ServicePort, { address, port: number, pod }: Endpoint): readonly ExpectedRule[] {
  const at = hostPort(address, number);
  const chain = nftEndpointChain(port, address, number);
  const remember = `-m recent --set --name ${nftAffinitySet(port, address, number)}`;
  return [
    nat(
      chain,
      `-s ${networkOf(address)} ${TO_MASQUERADE}`,
      `the masquerade of ${pod || at} calling itself by ${port.name}`,
    ),
    ...(port.affinitySeconds === undefined ? [] : [nat(chain, remember, `the memory of who called ${port.name}`)]),
    nat(
      chain,
      `-p ${port.protocol} -j DNAT --to-destination ${at}`,
      `the rewriting of ${port.name} to its endpoint ${at}`,
    ),
  ];
}

function outsideAddresses({ externalIPs, loadBalancerIPs }: ServicePort): readonly string[] {
  return [...externalIPs, ...loadBalancerIPs];
}

function toPort(address: string, { protocol }: ServicePort, number: number): string {
  return `-d ${networkOf(address)} -p ${protocol} --dport ${String(number)}`;
}

function rejected({ family }: ProxyFacts): string {
  return `-j REJECT --reject-with ${family === 'ipv6' ? 'icmpv6' : 'icmp'}-port-unreachable`;
}

/** Two slices may name the same address for a moment. */
function distinct(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...new Map(endpoints.map((one) => [hostPort(one.address, one.port), one])).values()];
}

function nat(chain: string, rule: string, says: string): ExpectedRule {
  return { table: 'nat', chain, rule, says };
}

function filter(chain: string, rule: string, says: string): ExpectedRule {
  return { table: 'filter', chain, rule, says };
}
