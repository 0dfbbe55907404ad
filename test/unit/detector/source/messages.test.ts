import { encodeFrame, FrameKind, FrameReader, type Frame } from '../../../../detector/source/frames.ts';
import { decodeMessage, encodeConfigure, OpenClass } from '../../../../detector/source/messages.ts';
import { encodeRecord } from '../../../../detector/source/record.ts';
import { RECORD_TYPES } from '../../../../detector/source/record-types.ts';

function frame(kind: number, payload: Buffer): Frame {
  return { kind, payload };
}

function numbers(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, n) => bytes.writeBigUInt64LE(value, 8 * n));
  return bytes;
}

function helloBytes(architecture: number, hooks: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32LE(architecture, 0);
  bytes.writeUInt32LE(hooks, 4);
  bytes.writeBigUInt64LE(4026531836n, 8);
  bytes.writeBigUInt64LE((1n << 1n) | (1n << 10n), 16);
  bytes.writeBigUInt64LE(1n << 15n, 24);
  return bytes;
}

describe('decodeMessage', () => {
  test('reads what the sensor says of itself', () => {
    expect(decodeMessage(frame(FrameKind.hello, helloBytes(1, 2)))).toEqual({
      kind: 'hello',
      hello: {
        architecture: 'x86-64',
        hooks: 'all',
        scopeInum: 4026531836n,
        types: ['execve', 'openat', 'delete_module'],
      },
    });
    expect(decodeMessage(frame(FrameKind.hello, helloBytes(2, 1)))).toMatchObject({
      hello: { architecture: 'arm64', hooks: 'single' },
    });
  });

  const heads = [5n, 7n, 1n, 4096n, 11n, 12n, 13n, 14n, 15n];
  const perType = RECORD_TYPES.map((_, n) => BigInt(n * 10));

  test('reads the counters, and passes over ones that a newer sensor appends', () => {
    const message = decodeMessage(frame(FrameKind.statistics, numbers(...heads, ...perType, 99n)));
    expect(message).toMatchObject({
      kind: 'statistics',
      statistics: {
        monotonicNs: 5n,
        realtimeOffsetNs: 7n,
        rssBytes: 4096,
        droppedRingFull: 11,
        emitted: { execve: 10, connect: 120 },
      },
    });
  });

  test.each([
    ['too few counters', frame(FrameKind.statistics, numbers(1n, 2n))],
    ['a hello of another size', frame(FrameKind.hello, Buffer.alloc(8))],
    ['an event that is no record', frame(FrameKind.event, Buffer.from('no record'))],
    ['an end of the snapshot without its number', frame(FrameKind.snapshotEnd, Buffer.alloc(4))],
    ['a kind that no sensor sends', frame(FrameKind.configure, Buffer.alloc(16))],
  ])('calls %s malformed', (_, bad) => {
    expect(decodeMessage(bad)).toEqual({ kind: 'malformed' });
  });

  test('hands on records of events and of processes that were there before', () => {
    const bytes = encodeRecord({ type: 'execve', comm: 'sh' });
    expect(decodeMessage(frame(FrameKind.event, bytes))).toMatchObject({ kind: 'event', record: { comm: 'sh' } });
    expect(decodeMessage(frame(FrameKind.process, bytes))).toMatchObject({ kind: 'process', record: { comm: 'sh' } });
  });
});

describe('encodeConfigure', () => {
  test('names event types by the bits of the protocol', () => {
    const bytes = encodeConfigure({
      types: new Set(['openat', 'delete_module', 'no such call']),
      openClasses: OpenClass.write | OpenClass.failed,
      data: true,
    });
    const [request] = new FrameReader().push(bytes);
    expect(request?.kind).toBe(FrameKind.configure);
    expect(request?.payload.readBigUInt64LE(0)).toBe(1n << 10n);
    expect(request?.payload.readBigUInt64LE(8)).toBe(1n << BigInt(79 - 64));
    expect(request?.payload.readUInt32LE(16)).toBe(10);
    expect(request?.payload.readUInt32LE(20)).toBe(2);
    expect(bytes).toEqual(encodeFrame(FrameKind.configure, request?.payload));
  });
});
