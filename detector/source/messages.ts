import { encodeFrame, FrameKind, type Frame } from './frames.ts';
import { SensorRecord } from './record.ts';
import { RECORD_TYPES } from './record-types.ts';

/** What the sensor says, decoded. */
export type SensorMessage =
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'snapshotBegin'; readonly monotonicNs: bigint }
  | { readonly kind: 'process'; readonly record: SensorRecord }
  | { readonly kind: 'snapshotEnd'; readonly processes: number }
  | { readonly kind: 'event'; readonly record: SensorRecord }
  | { readonly kind: 'statistics'; readonly statistics: SensorStatistics }
  /** A frame that no sensor of this version sends; it is counted and passed over. */
  | { readonly kind: 'malformed' };

export interface Hello {
  readonly architecture: 'x86-64' | 'arm64';
  /** `single`: tracepoints of single system calls; `all`: one hook on all of them, where tracefs is not to be had. */
  readonly hooks: 'single' | 'all';
  /** Inode number of the watched PID namespace. */
  readonly scopeInum: bigint;
  /** Event types that this sensor can see. */
  readonly types: readonly string[];
}

export interface SensorStatistics {
  readonly monotonicNs: bigint;
  /** Wall clock minus CLOCK_MONOTONIC. */
  readonly realtimeOffsetNs: bigint;
  readonly startedNs: bigint;
  readonly rssBytes: number;
  readonly droppedRingFull: number;
  readonly truncated: number;
  readonly unreadable: number;
  readonly requestsRejected: number;
  readonly connections: number;
  /** Records that the kernel's part has put out, by event type. */
  readonly emitted: Readonly<Record<string, number>>;
}

/** Classes of opens that the sensor can be asked for; see OPEN_* in sensor/protocol.h. */
export const OpenClass = { read: 1, write: 2, create: 4, failed: 8, all: 15 } as const;

const HELLO_BYTES = 32;
const STATISTICS_BEFORE_EMITTED = 9;

export function decodeMessage({ kind, payload }: Frame): SensorMessage {
  switch (kind) {
    case FrameKind.hello:
      return payload.length === HELLO_BYTES ? { kind: 'hello', hello: decodeHello(payload) } : { kind: 'malformed' };
    case FrameKind.statistics:
      return decodeStatistics(payload);
    case FrameKind.snapshotBegin:
      return payload.length === 8
        ? { kind: 'snapshotBegin', monotonicNs: payload.readBigUInt64LE() }
        : { kind: 'malformed' };
    case FrameKind.snapshotEnd:
      return payload.length === 8
        ? { kind: 'snapshotEnd', processes: Number(payload.readBigUInt64LE()) }
        : { kind: 'malformed' };
    case FrameKind.process:
      return recordMessage('process', payload);
    case FrameKind.event:
      return recordMessage('event', payload);
    default:
      return { kind: 'malformed' };
  }
}

/** What the sensor can be asked for. */
export interface SensorRequest {
  /** Event types; those that the process tree needs come anyway. */
  readonly types: ReadonlySet<string>;
  /** Bits of OpenClass. */
  readonly openClasses: number;
  /** The environment of processes, at their execs. */
  readonly environment?: boolean;
  /** What is sent and received, its beginning. */
  readonly data?: boolean;
}

const WantedPart = { environment: 1, data: 2 } as const;

/** Asks for this from now on. */
export function encodeConfigure(request: SensorRequest): Buffer {
  const payload = Buffer.alloc(24);
  RECORD_TYPES.forEach((type, n) => {
    if (type === '' || !request.types.has(type)) return;
    const at = 8 * Math.floor(n / 64);
    payload.writeBigUInt64LE(payload.readBigUInt64LE(at) | (1n << BigInt(n % 64)), at);
  });
  payload.writeUInt32LE(request.openClasses, 16);
  const parts = (request.environment ? WantedPart.environment : 0) | (request.data ? WantedPart.data : 0);
  payload.writeUInt32LE(parts, 20);
  return encodeFrame(FrameKind.configure, payload);
}

/** Asks for the existing processes once more. */
export function encodeSnapshotRequest(): Buffer {
  return encodeFrame(FrameKind.snapshot);
}

function recordMessage(kind: 'process' | 'event', payload: Buffer): SensorMessage {
  const record = SensorRecord.from(payload);
  return record === undefined ? { kind: 'malformed' } : { kind, record };
}

function decodeHello(payload: Buffer): Hello {
  const types = payload.readBigUInt64LE(16) | (payload.readBigUInt64LE(24) << 64n);
  return {
    architecture: payload.readUInt32LE(0) === 2 ? 'arm64' : 'x86-64',
    hooks: payload.readUInt32LE(4) === 2 ? 'all' : 'single',
    scopeInum: payload.readBigUInt64LE(8),
    types: RECORD_TYPES.filter((type, n) => type !== '' && (types >> BigInt(n)) & 1n),
  };
}

function decodeStatistics(payload: Buffer): SensorMessage {
  const known = STATISTICS_BEFORE_EMITTED + RECORD_TYPES.length;
  if (payload.length % 8 !== 0 || payload.length < known * 8) return { kind: 'malformed' };
  const value = (n: number): bigint => payload.readBigUInt64LE(8 * n);
  const count = (n: number): number => Number(value(n));
  const emitted = RECORD_TYPES.map((type, n) => [type, count(STATISTICS_BEFORE_EMITTED + n)] as const);
  return {
    kind: 'statistics',
    statistics: {
      monotonicNs: value(0),
      realtimeOffsetNs: value(1),
      startedNs: value(2),
      rssBytes: count(3),
      droppedRingFull: count(4),
      truncated: count(5),
      unreadable: count(6),
      requestsRejected: count(7),
      connections: count(8),
      emitted: Object.fromEntries(emitted.filter(([type]) => type !== '')),
    },
  };
}
