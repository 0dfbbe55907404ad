import { chainOf, endpointChain, hostPort, networkOf } from './proxy-chains.ts';
import { usedEndpoints, type Endpoint, type ServicePort } from './service-ports.ts';

/** A rule that has to be there, as iptables-save would print it without its comment. */
export interface ExpectedRule {
  readonly table: 'nat' | 'filter';
  readonly chain: string;
  readonly rule: string;
  /** What it is for, e.g. `the way of shop/web:http from its cluster IP`. */
  readonly says: string;
  /** Of load balancing: the share of the packets at this chain that it takes. */
  readonly share?: number;
}

/** What kube-proxy knows of its node. */
export interface ProxyFacts {
  readonly node: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Networks of pods, from kube-proxy's own configuration; empty when it has none. */
  readonly clusterCidrs: readonly string[];
  /** Where NodePorts are open in nftables mode, unless its configuration says otherwise: the node's own address. */
  readonly nodeAddresses: readonly string[];
}

/**
 * The rules that kube-proxy (iptables mode, default masquerade bit) writes on a node for these ports. Source: kube-proxy 1.35 as it
 * writes on a cluster; a test compares a whole recorded node.
 */
export function expectedRules(ports: readonly ServicePort[], facts: ProxyFacts): readonly ExpectedRule[] {
  return [...skeleton(facts), ...ports.flatMap((port) => rulesOf(port, facts))];
}

const MASQ_MARK = '0x4000';

function skeleton({ family }: ProxyFacts): readonly ExpectedRule[] {
  const isNew = '-m conntrack --ctstate NEW';
  const notLoopback = family === 'ipv6' ? '! -d ::1/128 ' : '';
  const nat = (chain: string, rule: string, says: string): ExpectedRule => ({ table: 'nat', chain, rule, says });
  const filter = (chain: string, rule: string, says: string): ExpectedRule => ({ table: 'filter', chain, rule, says });
  return [
    nat('PREROUTING', '-j KUBE-SERVICES', 'the way from what comes in to the Services'),
    nat('OUTPUT', '-j KUBE-SERVICES', 'the way from the node itself to the Services'),
    nat('POSTROUTING', '-j KUBE-POSTROUTING', 'the way to the masquerade'),
    nat('KUBE-SERVICES', `${notLoopback}-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`, 'the way to the NodePorts'),
    nat('KUBE-MARK-MASQ', `-j MARK --set-xmark ${MASQ_MARK}/${MASQ_MARK}`, 'the mark of what is to be masqueraded'),
    nat(
      'KUBE-POSTROUTING',
      `-m mark ! --mark ${MASQ_MARK}/${MASQ_MARK} -j RETURN`,
      'the end for what is not masqueraded',
    ),
    nat('KUBE-POSTROUTING', `-j MARK --set-xmark ${MASQ_MARK}/0x0`, 'the mark taken off'),
    nat('KUBE-POSTROUTING', '-j MASQUERADE --random-fully', 'the masquerade of traffic to Services'),
    ...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) =>
      filter(chain, `${isNew} -j KUBE-PROXY-FIREWALL`, 'the source ranges of load balancers'),
    ),
    ...['FORWARD', 'OUTPUT'].map((chain) =>
      filter(chain, `${isNew} -j KUBE-SERVICES`, 'the refusal of Services without endpoints'),
    ),
    ...['INPUT', 'FORWARD'].map((chain) =>
      filter(chain, `${isNew} -j KUBE-EXTERNAL-SERVICES`, 'the refusal of Services without endpoints, from outside'),
    ),
    filter('INPUT', '-j KUBE-NODEPORTS', 'the health checks of Services'),
    filter('FORWARD', '-j KUBE-FORWARD', 'the forwarding of what goes to Services'),
    filter('KUBE-FORWARD', '-m conntrack --ctstate INVALID -j DROP', 'the drop of what belongs to no connection'),
    filter('KUBE-FORWARD', `-m mark --mark ${MASQ_MARK}/${MASQ_MARK} -j ACCEPT`, 'the forwarding of marked packets'),
    filter('KUBE-FORWARD', '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'the forwarding of answers'),
  ];
}

function rulesOf(port: ServicePort, facts: ProxyFacts): readonly ExpectedRule[] {
  const internal = usedEndpoints(port, port.internalPolicy, facts.node);
  const external = usedEndpoints(port, port.externalPolicy, facts.node);
  const all = usedEndpoints(port, 'Cluster', facts.node);
  const isOutside = port.nodePort !== 0 || port.externalIPs.length > 0 || port.loadBalancerIPs.length > 0;
  const usesAll = (port.internalPolicy === 'Cluster' && internal.length > 0) || (isOutside && all.length > 0);
  const usesLocal =
    (port.internalPolicy === 'Local' && internal.length > 0) ||
    (isOutside && port.externalPolicy === 'Local' && external.length > 0);
  const local = usedEndpoints(port, 'Local', facts.node);
  return [
    ...internalEntry(port, internal, all, facts),
    ...(isOutside ? externalEntries(port, external, all, facts) : []),
    ...(usesAll ? balance(port, 'SVC', all) : []),
    ...(usesLocal ? balance(port, 'SVL', local) : []),
    ...endpointsOf([...(usesAll ? all : []), ...(usesLocal ? local : [])]).flatMap((one) => endpointRules(port, one)),
    ...healthCheck(port),
  ];
}

/** By the cluster IP. */
function internalEntry(
  port: ServicePort,
  used: readonly Endpoint[],
  all: readonly Endpoint[],
  facts: ProxyFacts,
): readonly ExpectedRule[] {
  const to = `-d ${networkOf(port.clusterIP)} -p ${port.protocol} -m ${port.protocol} --dport ${String(port.port)}`;
  const says = `the way of ${port.name} from its cluster IP ${hostPort(port.clusterIP, port.port)}`;
  if (used.length === 0) return [refusal('KUBE-SERVICES', to, port, port.internalPolicy, all)];
  const chain = chainOf(port.internalPolicy === 'Local' ? 'SVL' : 'SVC', port);
  return [
    { table: 'nat', chain: 'KUBE-SERVICES', rule: `${to} -j ${chain}`, says },
    ...facts.clusterCidrs.map((cidr): ExpectedRule => ({
      table: 'nat',
      chain,
      rule: `! -s ${cidr} ${to} -j KUBE-MARK-MASQ`,
      says: `the masquerade of calls to ${port.name} that do not come from pods`,
    })),
  ];
}

/** By NodePort, external address or load balancer. */
function externalEntries(
  port: ServicePort,
  used: readonly Endpoint[],
  all: readonly Endpoint[],
  facts: ProxyFacts,
): readonly ExpectedRule[] {
  const match = `-p ${port.protocol} -m ${port.protocol} --dport`;
  const addresses = [...port.externalIPs, ...port.loadBalancerIPs];
  const toAddress = (address: string): string => `-d ${networkOf(address)} ${match} ${String(port.port)}`;
  const toNodePort = `${match} ${String(port.nodePort)}`;
  const refuse = (to: string): ExpectedRule => refusal('KUBE-EXTERNAL-SERVICES', to, port, port.externalPolicy, all);
  const refusals = [
    ...addresses.map((address) => refuse(toAddress(address))),
    ...(port.nodePort === 0 ? [] : [refuse(`-m addrtype --dst-type LOCAL ${toNodePort}`)]),
  ];
  if (all.length === 0) return refusals;
  const chain = chainOf('EXT', port);
  const nat = (into: string, rule: string, says: string): ExpectedRule => ({ table: 'nat', chain: into, rule, says });
  const nodePort = `the way of ${port.name} from NodePort ${String(port.nodePort)}`;
  return [
    ...addresses.map((address) =>
      nat('KUBE-SERVICES', `${toAddress(address)} -j ${chain}`, `the way of ${port.name} from ${address}`),
    ),
    ...(port.nodePort === 0 ? [] : [nat('KUBE-NODEPORTS', `${toNodePort} -j ${chain}`, nodePort)]),
    ...(port.externalPolicy === 'Cluster'
      ? [nat(chain, '-j KUBE-MARK-MASQ', `the masquerade of calls to ${port.name} from outside`)]
      : localShortcuts(port, facts)),
    // Without an endpoint on this node only the shortcuts of the cluster itself lead on; the filter drops the rest.
    ...(used.length === 0
      ? refusals
      : [
          nat(
            chain,
            `-j ${chainOf(port.externalPolicy === 'Local' ? 'SVL' : 'SVC', port)}`,
            `the way of ${port.name} from outside to its endpoints`,
          ),
        ]),
  ];
}

/** With the policy Local, what comes from the cluster itself may still go to every endpoint. */
function localShortcuts(port: ServicePort, { clusterCidrs }: ProxyFacts): readonly ExpectedRule[] {
  const chain = chainOf('EXT', port);
  const all = chainOf('SVC', port);
  const nat = (rule: string, says: string): ExpectedRule => ({ table: 'nat', chain, rule, says });
  return [
    ...clusterCidrs.map((cidr) => nat(`-s ${cidr} -j ${all}`, `the way of pods to ${port.name} by outside addresses`)),
    nat('-m addrtype --src-type LOCAL -j KUBE-MARK-MASQ', `the masquerade of the node’s own calls to ${port.name}`),
    nat(`-m addrtype --src-type LOCAL -j ${all}`, `the way of the node itself to ${port.name} by outside addresses`),
  ];
}

/** Without endpoints: refused at once; without endpoints on this node only: silence, so that load balancers try another. */
function refusal(
  chain: string,
  to: string,
  port: ServicePort,
  policy: 'Cluster' | 'Local',
  all: readonly Endpoint[],
): ExpectedRule {
  const isElsewhere = policy === 'Local' && all.length > 0;
  const end = isElsewhere ? '-j DROP' : `-j REJECT --reject-with ${rejectWith(port)}`;
  const says = isElsewhere
    ? `the silence of ${port.name}, which has no endpoint on this node`
    : `the refusal of ${port.name}, which has no endpoints`;
  return { table: 'filter', chain, rule: `${to} ${end}`, says };
}

function rejectWith({ clusterIP }: ServicePort): string {
  return clusterIP.includes(':') ? 'icmp6-port-unreachable' : 'icmp-port-unreachable';
}

function balance(port: ServicePort, kind: 'SVC' | 'SVL', endpoints: readonly Endpoint[]): readonly ExpectedRule[] {
  return endpointsOf(endpoints).map((endpoint) => {
    const at = hostPort(endpoint.address, endpoint.port);
    return {
      table: 'nat',
      chain: chainOf(kind, port),
      rule: `-j ${endpointChain(port, at)}`,
      says: `the way of ${port.name} to its endpoint ${at}`,
      share: 1 / endpointsOf(endpoints).length,
    };
  });
}

function endpointRules(port: ServicePort, endpoint: Endpoint): readonly ExpectedRule[] {
  const at = hostPort(endpoint.address, endpoint.port);
  const chain = endpointChain(port, at);
  const remember = port.affinitySeconds === undefined ? '' : ` -m recent --set --name ${chain}`;
  return [
    {
      table: 'nat',
      chain,
      rule: `-s ${networkOf(endpoint.address)} -j KUBE-MARK-MASQ`,
      says: `the masquerade of ${endpoint.pod === '' ? at : endpoint.pod} calling itself by ${port.name}`,
    },
    {
      table: 'nat',
      chain,
      rule: `-p ${port.protocol}${remember} -m ${port.protocol} -j DNAT --to-destination ${at}`,
      says: `the rewriting of ${port.name} to its endpoint ${at}`,
    },
  ];
}

function healthCheck({ name, healthCheckNodePort }: ServicePort): readonly ExpectedRule[] {
  if (healthCheckNodePort === 0) return [];
  return [
    {
      table: 'filter',
      chain: 'KUBE-NODEPORTS',
      rule: `-p tcp -m tcp --dport ${String(healthCheckNodePort)} -j ACCEPT`,
      says: `the health check of ${name}`,
    },
  ];
}

/** Two slices may name the same address for a moment. */
function endpointsOf(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return [...new Map(endpoints.map((one) => [hostPort(one.address, one.port), one])).values()];
}
