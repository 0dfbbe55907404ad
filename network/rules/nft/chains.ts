import { createHash } from 'node:crypto';
import type { ServicePort } from '../service-ports.ts';
import { base32 } from '../proxy-chains.ts';

/** Chains of kube-proxy's nftables table by what they are for: all endpoints, those of the node, what comes from outside. */
export type NftChainKind = 'service' | 'local' | 'external';

/**
 * Name of a chain that kube-proxy writes for a port, e.g. `service-ULMVA6XW-ns1/svc1/tcp/p80`. Source: kube-proxy 1.35, nftables mode; names of a
 * real cluster are in the tests.
 */
export function nftChainOf(kind: NftChainKind, port: ServicePort): string {
  return `${kind}-${hashed(pathOf(port))}`;
}

/** Name of the chain of one endpoint. Colons of IPv6 become dots. */
export function nftEndpointChain(port: ServicePort, address: string, number: number): string {
  return `endpoint-${hashed(endpointPath(port, address, number))}`;
}

/** Name of the set in which an endpoint's clients are remembered. */
export function nftAffinitySet(port: ServicePort, address: string, number: number): string {
  return `affinity-${hashed(endpointPath(port, address, number))}`;
}

/** Whether kube-proxy (nftables mode) keeps a chain for itself; those at hooks have other names here. */
export function isNftChain(name: string): boolean {
  return NAT_CHAINS.has(name) || isFilterChain(name) || name.includes('/');
}

/** Chains that let through, drop or reject, as opposed to those that translate addresses. */
export function isFilterChain(name: string): boolean {
  return FILTER_CHAINS.has(name) || name.startsWith('firewall-');
}

const NAT_CHAINS = new Set(['services', 'masquerading', 'mark-for-masquerade']);
const FILTER_CHAINS = new Set([
  'service-endpoints-check',
  'nodeport-endpoints-check',
  'cluster-ips-check',
  'firewall-check',
  'reject-chain',
]);

function pathOf({ namespace, service, protocol, name }: ServicePort): string {
  const portName = name.split(':')[1] ?? '';
  return `${namespace}/${service}/${protocol}/${portName}`;
}

function endpointPath(port: ServicePort, address: string, number: number): string {
  return `${pathOf(port)}__${address.replaceAll(':', '.')}/${String(number)}`;
}

const LONGEST = 240;

function hashed(path: string): string {
  const name = `${base32(createHash('sha256').update(path).digest().subarray(0, 5))}-${path}`;
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 3)}...` : name;
}
