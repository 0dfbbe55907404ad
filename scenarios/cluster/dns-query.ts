import type { NodeHandle } from '../../core/index.ts';
import { decodeAnswer, encodeQuery, type RecordType } from '../../network/index.ts';

/**
 * One datagram each way, within 2 s. bash itself would write a question that holds a newline (a label of ten letters) as two; the
 * answer comes as base64, since it is binary.
 */
const ASK = `exec 3<>"/dev/udp/$1/53" || exit 1
printf "$2" | dd bs=4096 iflag=fullblock >&3 2>/dev/null && timeout 2 dd bs=4096 count=1 <&3 2>/dev/null | base64 -w0`;

export interface DnsAnswer {
  /** IPv4 addresses for A, `target:port` for SRV; sorted, empty when there were none. */
  readonly records: readonly string[];
  readonly observed: string;
}

/**
 * Asks a DNS server for a name's records, from a node. The server itself is asked: /etc/hosts, which holds the nodes' names, would
 * answer in place of a resolver that is dead.
 */
export async function askDns(
  node: NodeHandle,
  server: string,
  name: string,
  recordType: RecordType = 'A',
): Promise<DnsAnswer> {
  const question = encodeQuery({ id: QUESTION_ID, name, recordType });
  const escaped = [...question].map((byte) => String.raw`\x` + byte.toString(16).padStart(2, '0')).join('');
  const { stdout } = await node.exec(['bash', '-c', ASK, 'ask', server, escaped], {
    okExitCodes: [0, 1, 124],
    timeoutMs: 10_000,
  });
  if (stdout === '') return { records: [], observed: `${server} did not answer` };
  const answer = decodeAnswer(Buffer.from(stdout, 'base64'), recordType);
  if (answer === undefined) return { records: [], observed: `${server} answered something that is no answer` };
  const { rcode, records } = answer;
  if (rcode !== 0) return { records, observed: `${server} answered ${RCODES[rcode] ?? `code ${String(rcode)}`}` };
  return { records, observed: `${server} answered ${records.join(', ') || 'without a record'}` };
}

/** The first name server in a node's resolv.conf. */
export async function resolverOf(node: NodeHandle): Promise<string> {
  const { stdout } = await node.exec(['cat', '/etc/resolv.conf']);
  return /^nameserver\s+(\S+)/m.exec(stdout)?.[1] ?? '127.0.0.11';
}

/** Each question has a socket of its own, so one number does for all. */
const QUESTION_ID = 0x6b64;
const RCODES: Readonly<Record<number, string>> = { 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 5: 'REFUSED' };
