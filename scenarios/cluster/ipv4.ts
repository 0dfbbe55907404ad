import { isIPv4 } from 'node:net';

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
