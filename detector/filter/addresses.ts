import { isIPv4, isIPv6 } from 'node:net';

/** A network: the bits of its address that count, and how many of them do. */
export interface Network {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** The one spelling of an address by which two of them can be compared; undefined for what is none. */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  return isIPv6(text) ? `6:${toBits(text).toString(16)}` : undefined;
}

/** Reads `10.0.0.0/8` or `fd00::/8`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefixText = '', ...rest] = text.split('/');
  const family = isIPv4(address) ? 4 : isIPv6(address) ? 6 : undefined;
  if (family === undefined || rest.length > 0 || !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  const width = family === 4 ? 32 : 128;
  if (prefix > width) return undefined;
  return { family, prefix, bits: toBits(address) >> BigInt(width - prefix) };
}

/** True when the address lies in the network; an address of the other family never does. */
export function isInNetwork(address: string, network: Network): boolean {
  if (network.family === 4) return isIPv4(address) && toBits(address) >> BigInt(32 - network.prefix) === network.bits;
  return isIPv6(address) && toBits(address) >> BigInt(128 - network.prefix) === network.bits;
}

function toBits(address: string): bigint {
  return isIPv4(address) ? ipv4Bits(address) : ipv6Bits(address);
}

function ipv4Bits(address: string): bigint {
  return address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function ipv6Bits(address: string): bigint {
  const [withoutZone = ''] = address.split('%');
  const [head = '', tail] = withoutZone.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0n);
  return [...front, ...zeros, ...back].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** The 16-bit groups of a part of an IPv6 address, whose last may be written as IPv4. */
function groups(part: string): readonly bigint[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [BigInt(`0x${group}`)];
    const bits = ipv4Bits(group);
    return [bits >> 16n, bits & 0xffffn];
  });
}
