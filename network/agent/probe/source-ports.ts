import { randomInt } from 'node:crypto';

/** Linux's default range of ephemeral ports (ip_local_port_range). */
const FIRST = 32_768;
const LAST = 60_999;

/**
 * Gives out source ports in a ring, from a random place on. Left to itself the system may give a port again while the packet
 * filters on the way still remember its last connection (conntrack: 120 s for one without an answer), and then the new
 * one is sent where the old one went, e.g. to a pod that is long dead: an outage that is over would seem to come back.
 */
export function sourcePorts(start = randomInt(FIRST, LAST + 1)): () => number {
  let next = start;
  return () => {
    const port = next;
    next = port >= LAST ? FIRST : port + 1;
    return port;
  };
}
