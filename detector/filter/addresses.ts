/** A network: the bits of its address that count, and how many of them do. */
export interface Network {
  readonly kind: 'network';
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** The one spelling of an address by which two of them can be compared; undefined for what is none. */
export function canonicalAddress(text: string): string | undefined {
  if (ipv4Bits(text) !== undefined) return text;
  const bits = ipv6Bits(text);
  return bits === undefined ? undefined : `6:${bits.toString(16)}`;
}

/** Reads `10.0.0.0/8` or `fd00::/8`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', prefixText = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const prefix = Number(prefixText);
  const ofFour = ipv4Bits(address);
  if (ofFour !== undefined) {
    return prefix > 32 ? undefined : { kind: 'network', family: 4, prefix, bits: ofFour >> BigInt(32 - prefix) };
  }
  const ofSix = ipv6Bits(address);
  if (ofSix === undefined || prefix > 128) return undefined;
  return { kind: 'network', family: 6, prefix, bits: ofSix >> BigInt(128 - prefix) };
}

/** True when the address lies in the network; an address of the other family never does. */
export function isInNetwork(address: string, { family, bits, prefix }: Network): boolean {
  const own = family === 4 ? ipv4Bits(address) : ipv6Bits(address);
  return own !== undefined && own >> BigInt((family === 4 ? 32 : 128) - prefix) === bits;
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

function ipv4Bits(address: string): bigint | undefined {
  if (!IPV4.test(address)) return undefined;
  return address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

/** A zone (`%eth0`) does not count. */
function ipv6Bits(address: string): bigint | undefined {
  const [text = ''] = address.split('%');
  if (!/^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(text)) return undefined;
  const [head = '', tail, ...more] = text.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  if (front === undefined || back === undefined || more.length > 0) return undefined;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const zeros = Array.from({ length: missing }, () => 0n);
  return [...front, ...zeros, ...back].reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** The 16-bit groups of a part of an IPv6 address, the last of which may be written as IPv4; undefined for others. */
function groups(part: string): readonly bigint[] | undefined {
  if (part === '') return [];
  const texts = part.split(':');
  const found: bigint[] = [];
  for (const [index, text] of texts.entries()) {
    const embedded = index === texts.length - 1 ? ipv4Bits(text) : undefined;
    if (embedded !== undefined) found.push(embedded >> 16n, embedded & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(text)) found.push(BigInt(`0x${text}`));
    else return undefined;
  }
  return found;
}
