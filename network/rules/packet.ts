import { BlockList, isIPv6 } from 'node:net';
import type { Match } from './rule.ts';

/** A packet at a node's packet filter, the first of its connection. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Interface by which it came in; undefined when the node itself sends it. */
  readonly from?: string;
  readonly mark: number;
}

/** `unknown`: the rule asks for something that a walk does not know. */
export type Holds = 'yes' | 'no' | 'unknown';

/** Whether a match holds; a probability does not come here, the walk branches on it. */
export function holds(match: Match, packet: Packet, localAddresses: readonly string[]): Holds {
  switch (match.kind) {
    case 'source':
      return answer(isWithin(packet.source, match.cidr), match.isNegated);
    case 'destination':
      return answer(isWithin(packet.destination, match.cidr), match.isNegated);
    case 'protocol':
      return answer(match.name === packet.protocol || match.name === 'all', match.isNegated);
    case 'destination-port':
      return answer(
        match.ranges.some(({ from, to }) => packet.port >= from && packet.port <= to),
        match.isNegated,
      );
    case 'in':
      return answer(packet.from !== undefined && isInterface(packet.from, match.name), match.isNegated);
    case 'source-type':
      return typeHolds(match.type, packet.source, localAddresses, match.isNegated);
    case 'destination-type':
      return typeHolds(match.type, packet.destination, localAddresses, match.isNegated);
    case 'mark':
      return answer((packet.mark & match.mask) >>> 0 === match.value >>> 0, match.isNegated);
    case 'connection-state':
      return answer(match.states.includes('NEW'), match.isNegated);
    case 'seen-lately':
      // The first packet of a client that nobody has seen.
      return 'no';
    case 'source-port':
    case 'out':
    case 'probability':
    case 'unknown':
      return 'unknown';
  }
}

/** Whether an address lies in a network, e.g. `10.96.0.0/16`; a bare address is a network of one. */
export function isWithin(address: string, cidr: string): boolean {
  const [network = '', bits] = cidr.split('/');
  if (isIPv6(address) !== isIPv6(network)) return false;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  return list.check(address, family);
}

function typeHolds(type: string, address: string, localAddresses: readonly string[], isNegated: boolean): Holds {
  if (type !== 'LOCAL') return 'unknown';
  const isLocal = localAddresses.includes(address) || isWithin(address, '127.0.0.0/8') || address === '::1';
  return answer(isLocal, isNegated);
}

function isInterface(name: string, pattern: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function answer(doesHold: boolean, isNegated: boolean): Holds {
  return doesHold === isNegated ? 'no' : 'yes';
}
