import { networkInterfaces } from 'node:os';

const KEEP_MS = 1_000;

/** The address as people write it: an IPv4 address that came in over an IPv6 socket loses its `::ffff:`. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

/** The machine's addresses but loopback and link-local ones; looked up at most once a second, since nodes have many. */
export function ownAddresses(): () => readonly string[] {
  let readAt = Number.NEGATIVE_INFINITY;
  let addresses: readonly string[] = [];
  return () => {
    const now = performance.now();
    if (now - readAt > KEEP_MS) {
      addresses = readAddresses();
      readAt = now;
    }
    return addresses;
  };
}

function readAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
    .map(({ address }) => address);
}
