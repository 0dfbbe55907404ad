// DNS messages (RFC 1035, SRV from RFC 2782, OPT from RFC 6891): just enough to ask one question and read the answer.
// Own, because the resolvers at hand hide what a probe has to tell apart: no answer, a refusal by ICMP, and SERVFAIL.
import type { RecordType } from '../protocol.ts';

const TYPES: Readonly<Record<RecordType, number>> = { A: 1, AAAA: 28, SRV: 33 };
const CLASS_IN = 1;
const OPT = 41;
const RECURSION_DESIRED = 0x0100;
const RESPONSE = 0x8000;
/** What fits into one packet anywhere. */
const UDP_PAYLOAD_BYTES = 1_232;
const HEADER_BYTES = 12;
const MAX_POINTERS = 64;

export interface DnsQuery {
  readonly id: number;
  readonly name: string;
  readonly recordType: RecordType;
}

export interface DnsAnswer {
  readonly id: number;
  readonly rcode: number;
  /** Records of the type that was asked for: addresses, or `target:port` for SRV; sorted. */
  readonly records: readonly string[];
}

export function encodeQuery({ id, name, recordType }: DnsQuery): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  [id, RECURSION_DESIRED, 1, 0, 0, 1].forEach((word, index) => header.writeUInt16BE(word, index * 2));
  const question = Buffer.alloc(4);
  question.writeUInt16BE(TYPES[recordType], 0);
  question.writeUInt16BE(CLASS_IN, 2);
  const option = Buffer.alloc(11);
  option.writeUInt16BE(OPT, 1);
  option.writeUInt16BE(UDP_PAYLOAD_BYTES, 3);
  return Buffer.concat([header, encodeName(name), question, option]);
}

/** Reads an answer; undefined for anything that is not a well-formed answer. */
export function decodeAnswer(message: Buffer, recordType: RecordType): DnsAnswer | undefined {
  try {
    return decode(message, recordType);
  } catch {
    // Reading behind the end, or pointers that lead in circles.
    return undefined;
  }
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => {
      const bytes = Buffer.from(label);
      if (bytes.length > 63) throw new RangeError(`the label ${label} is longer than 63 bytes`);
      return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    }),
    Buffer.from([0]),
  ]);
}

function decode(message: Buffer, recordType: RecordType): DnsAnswer | undefined {
  const flags = message.readUInt16BE(2);
  if ((flags & RESPONSE) === 0) return undefined;
  let at = HEADER_BYTES;
  for (let left = message.readUInt16BE(4); left > 0; left--) at = nameAt(message, at).end + 4;
  const records: string[] = [];
  for (let left = message.readUInt16BE(6); left > 0; left--) {
    const { end } = nameAt(message, at);
    const type = message.readUInt16BE(end);
    const data = end + 10;
    const dataEnd = data + message.readUInt16BE(end + 8);
    if (dataEnd > message.length) throw new RangeError('a record ends behind the message');
    if (type === TYPES[recordType]) records.push(recordAt(message, recordType, data, dataEnd));
    at = dataEnd;
  }
  return { id: message.readUInt16BE(0), rcode: flags & 0x0f, records: records.sort() };
}

function recordAt(message: Buffer, recordType: RecordType, start: number, end: number): string {
  if (recordType === 'A') return [...message.subarray(start, end)].join('.');
  if (recordType === 'AAAA') return ipv6Text(message.subarray(start, end));
  return `${nameAt(message, start + 6).name}:${String(message.readUInt16BE(start + 4))}`;
}

/** In the shortened form that the rest of the system uses (RFC 5952). */
function ipv6Text(bytes: Buffer): string {
  if (bytes.length !== 16) throw new RangeError('an IPv6 address has 16 bytes');
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

/** The name that starts at `start`, and where it ends there; follows compression pointers. */
function nameAt(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  let end: number | undefined;
  for (let pointers = 0; pointers <= MAX_POINTERS;) {
    const length = message.readUInt8(at);
    if (length === 0) return { name: labels.join('.'), end: end ?? at + 1 };
    if (length >= 0xc0) {
      end ??= at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
      pointers += 1;
      continue;
    }
    if (at + 1 + length > message.length || labels.length > 127)
      throw new RangeError('a label ends behind the message');
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  throw new RangeError('the pointers of a name lead in circles');
}
