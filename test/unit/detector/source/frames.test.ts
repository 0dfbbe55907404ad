import fc from 'fast-check';
import { encodeFrame, FrameError, FrameReader, type Frame } from '../../../../detector/source/frames.ts';

/** Pushes the bytes in pieces that end at the given places. */
function readInPieces(bytes: Buffer, cuts: readonly number[]): readonly Frame[] {
  const reader = new FrameReader();
  const places = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).flatMap((end, n) => reader.push(Buffer.from(bytes.subarray(places[n] ?? 0, end))));
}

describe('FrameReader', () => {
  test('gives back the frames that were sent, wherever the stream is cut', () => {
    const frame = fc.record({ kind: fc.nat(255), payload: fc.uint8Array({ maxLength: 300 }) });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(({ kind, payload }) => encodeFrame(kind, Buffer.from(payload))));
        const read = readInPieces(bytes, cuts);
        expect(read.map(({ kind, payload }) => ({ kind, payload: [...payload] }))).toEqual(
          frames.map(({ kind, payload }) => ({ kind, payload: [...payload] })),
        );
      }),
    );
  });

  test('survives any bytes: it answers frames or throws FrameError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        try {
          readInPieces(Buffer.from(bytes), cuts);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['an unknown version', (frame: Buffer) => frame.writeUInt8(1, 4), 'version 1'],
    ['reserved bytes that are set', (frame: Buffer) => frame.writeUInt16LE(1, 6), 'reserved'],
    ['a size that no frame can have', (frame: Buffer) => frame.writeUInt32LE(1_000_000, 0), '1000000 bytes'],
    ['a size smaller than its own header', (frame: Buffer) => frame.writeUInt32LE(3, 0), '3 bytes'],
  ])('gives up on %s', (_, spoil, says) => {
    const frame = encodeFrame(5, Buffer.from('payload'));
    spoil(frame);
    expect(() => new FrameReader().push(frame)).toThrow(says);
  });
});
