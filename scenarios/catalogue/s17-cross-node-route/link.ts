import { isIPv4 } from 'node:net';
import { nodeOf, podNetworkOf } from '../../cluster/nodes.ts';
import type { RunEnvironment } from '../../ports.ts';
import { peerOf, type RouteParameters } from './parameters.ts';

/** The way from one machine's pods to those of another, as the first machine sees it. */
export interface Link {
  /** Pod networks, e.g. `10.244.1.0/24`. */
  readonly near: string;
  readonly far: string;
  /** The other machine. */
  readonly hop: string;
  /** An address of the machines' network that nobody holds. */
  readonly deadHop: string;
  readonly protocol: RouteParameters['protocol'];
}

/** How `node` reaches its peer's pods, asked of the API and of the machine itself. */
export async function linkFrom(env: RunEnvironment, node: string, parameters: RouteParameters): Promise<Link> {
  const peer = peerOf(parameters, node);
  const [near, far, device] = await Promise.all([
    podNetworkOf(env, node),
    podNetworkOf(env, peer),
    nodeOf(env.session, node).exec(['ip', '-4', '-o', 'address', 'show', 'dev', 'eth0']),
  ]);
  const network = /inet (\S+)/.exec(device.stdout)?.[1] ?? '';
  const hop = nodeOf(env.session, peer).addresses.ipv4;
  return { near, far, hop, deadHop: lastHostOf(network), protocol: parameters.protocol };
}

/** Both halves of an IPv4 network, each more specific than the whole. */
export function halvesOf(network: string): readonly [string, string] {
  const { first, prefix } = parse(network);
  const half = 2 ** (32 - prefix - 1);
  return [`${toText(first)}/${String(prefix + 1)}`, `${toText(first + half)}/${String(prefix + 1)}`];
}

/** The highest address of an IPv4 network that a machine could have; an engine gives addresses from the lower end. */
export function lastHostOf(network: string): string {
  const { first, prefix } = parse(network);
  return toText(first + 2 ** (32 - prefix) - 2);
}

function parse(network: string): { readonly first: number; readonly prefix: number } {
  const [address = '', length = ''] = network.split('/');
  const prefix = Number(length);
  if (!isIPv4(address) || length === '' || prefix > 30) throw new RangeError(`no IPv4 network with hosts: ${network}`);
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  return { first: Math.floor(number / size) * size, prefix };
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(address / 2 ** shift) % 256)).join('.');
}
