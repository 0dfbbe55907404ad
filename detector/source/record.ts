import { RECORD_TYPES } from './record-types.ts';

export const RecordFlag = { truncated: 1, unreadable: 2 } as const;

/** Offsets in `struct record`. */
const AT = {
  time: 0,
  start: 8,
  cgroup: 16,
  result: 24,
  capabilities: 32,
  numbers: 56,
  ids: 104,
  type: 156,
  flags: 158,
  sizes: 160,
  comm: 174,
};
const COMM_BYTES = 16;
export const RECORD_HEADER_BYTES = 192;
export const RECORD_STRINGS = 7;

const ID_NAMES = [
  'pid',
  'tid',
  'ppid',
  'pgid',
  'sid',
  'vpid',
  'vtid',
  'uid',
  'gid',
  'loginuid',
  'tty',
  'vpgid',
  'vsid',
] as const;
type IdName = (typeof ID_NAMES)[number];

const CAPABILITY_SETS = ['effective', 'permitted', 'inheritable'] as const;
export type CapabilitySet = (typeof CAPABILITY_SETS)[number];

/**
 * One record of the sensor, read where it lies when it is asked for. Ids are 0 for what is outside of the watched PID
 * namespace; times are nanoseconds of CLOCK_MONOTONIC.
 */
export class SensorRecord {
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Undefined when the bytes are not one whole record of a type that is known. */
  static from(bytes: Buffer): SensorRecord | undefined {
    if (bytes.length < RECORD_HEADER_BYTES) return undefined;
    const record = new SensorRecord(bytes);
    if (record.type === '') return undefined;
    return record.#stringOffset(RECORD_STRINGS) === bytes.length ? record : undefined;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** Puts the bytes of the record where they are to be kept, from which `from` makes it again. */
  copyTo(target: Buffer, at: number): void {
    this.#bytes.copy(target, at);
  }

  get type(): string {
    return RECORD_TYPES[this.#bytes.readUInt16LE(AT.type)] ?? '';
  }

  get flags(): number {
    return this.#bytes.readUInt16LE(AT.flags);
  }

  get timeNs(): bigint {
    return this.#bytes.readBigUInt64LE(AT.time);
  }

  /** Start of the process: with its pid, its identity. */
  get startNs(): bigint {
    return this.#bytes.readBigUInt64LE(AT.start);
  }

  get cgroupId(): bigint {
    return this.#bytes.readBigUInt64LE(AT.cgroup);
  }

  /** Result of the system call, or -errno. */
  get result(): number {
    return Number(this.#bytes.readBigInt64LE(AT.result));
  }

  /** Command name of the thread, at most 15 bytes. */
  get comm(): string {
    const comm = this.#bytes.subarray(AT.comm, AT.comm + COMM_BYTES);
    const end = comm.indexOf(0);
    return comm.toString('utf8', 0, end < 0 ? COMM_BYTES : end);
  }

  id(name: IdName): number {
    return this.#bytes.readUInt32LE(AT.ids + 4 * ID_NAMES.indexOf(name));
  }

  /** Bit n: capability n. */
  capabilities(set: CapabilitySet): bigint {
    return this.#bytes.readBigUInt64LE(AT.capabilities + 8 * CAPABILITY_SETS.indexOf(set));
  }

  number(slot: number): bigint {
    return this.#bytes.readBigUInt64LE(AT.numbers + 8 * slot);
  }

  /** An argument that is an int: the register that it came in holds more. */
  int(slot: number): number {
    return this.#bytes.readInt32LE(AT.numbers + 8 * slot);
  }

  bytes(slot: number): Buffer {
    const from = this.#stringOffset(slot);
    return this.#bytes.subarray(from, from + this.#size(slot));
  }

  text(slot: number): string {
    return this.bytes(slot).toString('utf8');
  }

  /** Words that are each ended by NUL; the last one may have been cut before its NUL. */
  words(slot: number): readonly string[] {
    const text = this.text(slot);
    if (text === '') return [];
    return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
  }

  /** A path that the kernel walked, from its leaf to the root. */
  walkedPath(slot: number): string {
    return `/${[...this.words(slot)].reverse().join('/')}`;
  }

  #size(slot: number): number {
    return this.#bytes.readUInt16LE(AT.sizes + 2 * slot);
  }

  #stringOffset(slot: number): number {
    let offset = RECORD_HEADER_BYTES;
    for (let before = 0; before < slot; before++) offset += this.#size(before);
    return offset;
  }
}

/** What a record is made of, for replays and tests; absent parts are zero. */
export interface RecordParts {
  readonly type: (typeof RECORD_TYPES)[number];
  readonly flags?: number;
  readonly timeNs?: bigint;
  readonly startNs?: bigint;
  readonly cgroupId?: bigint;
  readonly result?: number;
  readonly comm?: string;
  readonly ids?: Partial<Readonly<Record<IdName, number>>>;
  readonly capabilities?: Partial<Readonly<Record<CapabilitySet, bigint>>>;
  readonly numbers?: readonly bigint[];
  readonly strings?: readonly (Buffer | string)[];
}

/** The bytes of a record, as the sensor would send them. */
export function encodeRecord(parts: RecordParts): Buffer {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  const strings = (parts.strings ?? []).map((string) => Buffer.from(string));
  header.writeBigUInt64LE(parts.timeNs ?? 0n, AT.time);
  header.writeBigUInt64LE(parts.startNs ?? 0n, AT.start);
  header.writeBigUInt64LE(parts.cgroupId ?? 0n, AT.cgroup);
  header.writeBigInt64LE(BigInt(parts.result ?? 0), AT.result);
  CAPABILITY_SETS.forEach((set, slot) =>
    header.writeBigUInt64LE(parts.capabilities?.[set] ?? 0n, AT.capabilities + 8 * slot),
  );
  (parts.numbers ?? []).forEach((number, slot) => header.writeBigUInt64LE(number, AT.numbers + 8 * slot));
  ID_NAMES.forEach((name, slot) => header.writeUInt32LE(parts.ids?.[name] ?? 0, AT.ids + 4 * slot));
  header.writeUInt16LE(RECORD_TYPES.indexOf(parts.type), AT.type);
  header.writeUInt16LE(parts.flags ?? 0, AT.flags);
  strings.forEach((string, slot) => header.writeUInt16LE(string.length, AT.sizes + 2 * slot));
  Buffer.from(parts.comm ?? '')
    .subarray(0, COMM_BYTES - 1)
    .copy(header, AT.comm);
  return Buffer.concat([header, ...strings]);
}

/** Strings of a path as the kernel walks it: `/usr/bin/bash` is `bash NUL bin NUL usr NUL`. */
export function encodeWalkedPath(path: string): string {
  return path
    .split('/')
    .filter((component) => component !== '')
    .reverse()
    .map((component) => `${component}\0`)
    .join('');
}
