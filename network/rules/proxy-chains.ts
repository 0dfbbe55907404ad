import { createHash } from 'node:crypto';
import type { ServicePort } from './service-ports.ts';

/** `SVC` all endpoints, `SVL` those of the node, `EXT` what comes from outside the cluster. */
export type ChainKind = 'SVC' | 'SVL' | 'EXT';

/**
 * Name of a chain that kube-proxy writes for a port: 16 letters of a hash over name and protocol, so that the same port has the
 * same chains on every node. Source: kube-proxy's iptables mode; names of a real cluster are in the tests.
 */
export function chainOf(kind: ChainKind, { name, protocol }: Pick<ServicePort, 'name' | 'protocol'>): string {
  return `KUBE-${kind}-${hash(name + protocol)}`;
}

/** Name of the chain of one endpoint, e.g. of `10.244.1.4:8080`. */
export function endpointChain({ name, protocol }: Pick<ServicePort, 'name' | 'protocol'>, endpoint: string): string {
  return `KUBE-SEP-${hash(name + protocol + endpoint)}`;
}

/** Whether kube-proxy (iptables mode) keeps a chain for itself, without its canaries. */
export function isProxyChain(name: string): boolean {
  return PROXY_CHAIN.test(name);
}

const PROXY_CHAIN =
  /^KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES|POSTROUTING|MARK-MASQ|FORWARD|PROXY-FIREWALL|(SVC|SVL|SEP|FW|EXT)-[A-Z0-9]+)$/;

/** Address and port as in rules: IPv6 in brackets. */
export function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An address as a network of one, as iptables-save prints it. */
export function networkOf(address: string): string {
  return address.includes(':') ? `${address}/128` : `${address}/32`;
}

/** The first 80 bits of SHA-256, in base 32. */
function hash(text: string): string {
  return base32(createHash('sha256').update(text).digest().subarray(0, 10));
}

/** RFC 4648, for a multiple of five bytes. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)] ?? '').join('');
}
