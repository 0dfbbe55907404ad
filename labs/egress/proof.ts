import { KubedrillError, type NodeHandle } from '../../core/index.ts';
import type { Session } from '../session.ts';
import { DEAD_IPV6, deadAddress } from './dead-address.ts';
import type { Family } from './filter-dump.ts';
import { hostFilter, notInPlace, statusOf, type EgressGuardStatus } from './guard.ts';

/** One packet that was refused. */
export interface RefusedPacket {
  readonly family: Family;
  readonly from: string;
  readonly to: string;
  /** What the sender's curl said. */
  readonly answer: string;
  /** It was told no at once; a packet that was swallowed further out would have timed out. */
  readonly wasRefused: boolean;
  /** Packets that the guard had refused before and after. */
  readonly refusedBefore: number;
  readonly refusedAfter: number;
}

export type EgressProof =
  { readonly kind: 'proven'; readonly packets: readonly RefusedPacket[] } | { readonly kind: 'opted-out' };

/** Exit codes of curl; 52 and 56 are an answer that was no HTTP. */
const CURL_CANNOT_CONNECT = 7;
const CURL_TIMED_OUT = 28;

type ProofSession = Pick<Session, 'lab' | 'nodes' | 'runner' | 'signal'>;

/**
 * Proves that nothing leaves the machine: looks at the guard's rules first, sends one packet from a node to an address that
 * is reserved for documentation, and fails unless it was refused at once and the guard's own counter moved.
 */
export async function proveEgressGuard(session: ProofSession): Promise<EgressProof> {
  const { lab, nodes } = session;
  if (!lab.egressGuard) return { kind: 'opted-out' };
  const guarded = { networkName: lab.network.name, bridge: lab.network.bridge };
  const look = () => hostFilter(session, lab.images.toolbox);

  const filter = await look();
  const before = statusOf(filter, guarded);
  if (!before.ok) throw notInPlace(guarded, before);
  const node = nodes.find(({ role }) => role === 'worker') ?? nodes[0];
  const address = deadAddress(filter.routes);
  if (node === undefined || address === undefined) throw cannotTry(guarded.networkName);

  const targets = [
    { family: 'ipv4' as const, address },
    ...(node.addresses.ipv6 === undefined ? [] : [{ family: 'ipv6' as const, address: DEAD_IPV6 }]),
  ];
  const answers = await Promise.all(targets.map((target) => knock(node, target)));
  const after = statusOf(await look(), guarded);
  const packets = answers.map((answer): RefusedPacket => ({
    ...answer,
    refusedBefore: refused(before, answer.family),
    refusedAfter: refused(after, answer.family),
  }));
  const unproven = packets.find(
    ({ wasRefused, refusedBefore, refusedAfter }) => !wasRefused || refusedAfter <= refusedBefore,
  );
  if (unproven) throw notRefused(unproven);
  return { kind: 'proven', packets };
}

/** Tries one TCP connection; port 9 is "discard". */
async function knock(
  node: NodeHandle,
  { family, address }: { readonly family: Family; readonly address: string },
): Promise<Omit<RefusedPacket, 'refusedBefore' | 'refusedAfter'>> {
  const host = family === 'ipv6' ? `[${address}]` : address;
  const curl = ['curl', '-sS', '-o', '/dev/null', '--noproxy', '*', '--connect-timeout', '3', `http://${host}:9/`];
  const { stderr, exitCode } = await node.exec(curl, {
    okExitCodes: [0, CURL_CANNOT_CONNECT, CURL_TIMED_OUT, 52, 56],
    timeoutMs: 20_000,
  });
  const answer = exitCode === 0 ? 'it was answered' : stderr.trim();
  return { family, from: node.name, to: address, answer, wasRefused: exitCode === CURL_CANNOT_CONNECT };
}

function refused(status: EgressGuardStatus, family: Family): number {
  return status.families.find((guard) => guard.family === family)?.packets ?? 0;
}

function notRefused({ family, from, to, answer, refusedBefore, refusedAfter }: RefusedPacket): KubedrillError {
  return new KubedrillError({
    what: `the egress guard did not refuse a packet from ${from} to ${to} (${family})`,
    why: `${answer}; packets refused before ${String(refusedBefore)}, after ${String(refusedAfter)}`,
    hint: 'kubedrill doctor, then kubedrill up (it sets the guard again)',
  });
}

function cannotTry(networkName: string): KubedrillError {
  return new KubedrillError({
    what: `the egress guard of network ${networkName} cannot be proven`,
    why: 'the lab has no node to send from, or every documentation range is in use on the links of this host',
    hint: 'kubedrill status; up --open-egress goes without the guard',
  });
}
