import type { NodeHandle } from '../../core/index.ts';

/** Waits 2 s for one datagram; the answer comes as base64, since it is binary. */
const ASK = 'exec 3<>"/dev/udp/$1/53" && printf "$2" >&3 && timeout 2 dd bs=4096 count=1 <&3 2>/dev/null | base64 -w0';

export interface DnsAnswer {
  /** IPv4 addresses, sorted; empty when there were none. */
  readonly addresses: readonly string[];
  readonly observed: string;
}

/**
 * Asks a DNS server for a name's IPv4 addresses, from a node. The server itself is asked: /etc/hosts, which holds the nodes' names,
 * would answer in place of a resolver that is dead.
 */
export async function askDns(node: NodeHandle, server: string, name: string): Promise<DnsAnswer> {
  const question = encodeQuestion(name);
  const escaped = [...question].map((byte) => String.raw`\x` + byte.toString(16).padStart(2, '0')).join('');
  const { stdout } = await node.exec(['bash', '-c', ASK, 'ask', server, escaped], {
    okExitCodes: [0, 1, 124],
    timeoutMs: 10_000,
  });
  if (stdout === '') return { addresses: [], observed: `${server} did not answer` };
  const { code, addresses } = decodeAnswer(Buffer.from(stdout, 'base64'));
  if (code !== 0) return { addresses, observed: `${server} answered ${RCODES[code] ?? `code ${String(code)}`}` };
  return { addresses, observed: `${server} answered ${addresses.join(', ') || 'without an address'}` };
}

/** The first name server in a node's resolv.conf. */
export async function resolverOf(node: NodeHandle): Promise<string> {
  const { stdout } = await node.exec(['cat', '/etc/resolv.conf']);
  return /^nameserver\s+(\S+)/m.exec(stdout)?.[1] ?? '127.0.0.11';
}

const RCODES: Readonly<Record<number, string>> = { 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 5: 'REFUSED' };
const HEADER_BYTES = 12;
const TYPE_A = 1;

/** RFC 1035 §4: one question, recursion desired. */
export function encodeQuestion(name: string, id = 0x6b64): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const names = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'ascii')]);
  const header = Buffer.from([id >> 8, id & 0xff, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...names, Buffer.from([0, 0, TYPE_A, 0, 1])]);
}

/** Response code and A records of an answer; what is cut off or malformed reads as no records. */
export function decodeAnswer(packet: Buffer): { readonly code: number; readonly addresses: readonly string[] } {
  if (packet.length < HEADER_BYTES) return { code: 1, addresses: [] };
  const questions = packet.readUInt16BE(4);
  const answers = packet.readUInt16BE(6);
  let offset = HEADER_BYTES;
  for (let index = 0; index < questions; index++) offset = afterName(packet, offset) + 4;
  const addresses: string[] = [];
  for (let index = 0; index < answers && offset < packet.length; index++) {
    const fixed = afterName(packet, offset);
    if (fixed + 10 > packet.length) break;
    const length = packet.readUInt16BE(fixed + 8);
    const data = packet.subarray(fixed + 10, fixed + 10 + length);
    if (packet.readUInt16BE(fixed) === TYPE_A && data.length === 4) addresses.push([...data].join('.'));
    offset = fixed + 10 + length;
  }
  return { code: packet.readUInt8(3) & 0x0f, addresses: addresses.sort() };
}

/** Where a name ends: labels up to a zero, or two bytes of a pointer. */
function afterName(packet: Buffer, start: number): number {
  let offset = start;
  while (offset < packet.length) {
    const length = packet.readUInt8(offset);
    if (length === 0) return offset + 1;
    if (length >= 0xc0) return offset + 2;
    offset += length + 1;
  }
  return offset;
}
