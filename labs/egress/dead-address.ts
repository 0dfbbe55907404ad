/** Addresses reserved for documentation (RFC 5737): nobody answers there. */
const CANDIDATES = ['198.51.100.77', '203.0.113.77', '192.0.2.77'];

/** For IPv6 (RFC 3849). */
export const DEAD_IPV6 = '2001:db8:dead::77';

/**
 * A documentation address that the host would send to a gateway: some sites do use one of those ranges on their own links.
 * `routes` is the host's /proc/net/route. Undefined when every candidate is on a link.
 */
export function deadAddress(routes: string): string | undefined {
  const table = routes.split('\n').slice(1).flatMap(parseRoute);
  return CANDIDATES.find((address) => !table.some((route) => isOnLink(route, toNumber(address))));
}

interface Route {
  readonly destination: number;
  readonly mask: number;
  readonly gateway: number;
}

function parseRoute(line: string): readonly Route[] {
  const [, destination, gateway, , , , , mask] = line.split(/\s+/);
  if (destination === undefined || gateway === undefined || mask === undefined) return [];
  return [{ destination: fromHex(destination), gateway: fromHex(gateway), mask: fromHex(mask) }];
}

function isOnLink({ destination, gateway, mask }: Route, address: number): boolean {
  return gateway === 0 && mask !== 0 && (address & mask) >>> 0 === destination;
}

/** The kernel prints the number as it lies in memory: the first octet is the lowest byte. */
function fromHex(text: string): number {
  return Buffer.from(text.padStart(8, '0'), 'hex').readUInt32LE();
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
