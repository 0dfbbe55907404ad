/** The protocol of sensor and engine, as sensor/protocol.h describes it. */
export const PROTOCOL_VERSION = 3;

export const FrameKind = {
  hello: 1,
  snapshotBegin: 2,
  process: 3,
  snapshotEnd: 4,
  event: 5,
  statistics: 6,
  accounts: 7,
  configure: 64,
  snapshot: 65,
  readAccounts: 66,
} as const;

/** `size` counts what follows it: the rest of the header, and the payload. */
const SIZE_BYTES = 4;
const HEADER_BYTES = 8;
/** Larger than any frame of a sensor that works; beyond it, the stream is garbage and must not be collected. */
const MAX_FRAME_BYTES = 64 * 1024;

export interface Frame {
  readonly kind: number;
  /** Refers to the bytes that were pushed; valid as long as anybody holds it. */
  readonly payload: Buffer;
}

/** The stream is not of this protocol: nothing behind it can be trusted, the connection has to be given up. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Cuts a stream of bytes into frames, however the bytes arrive. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that `chunk` completes. Throws FrameError. */
  push(chunk: Buffer): readonly Frame[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const end = at + SIZE_BYTES + sizeAt(bytes, at);
      if (end > bytes.length) break;
      frames.push({ kind: bytes.readUInt8(at + 5), payload: bytes.subarray(at + HEADER_BYTES, end) });
      at = end;
    }
    this.#rest = bytes.subarray(at);
    return frames;
  }
}

/** One frame as it goes over the wire. */
export function encodeFrame(kind: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(HEADER_BYTES - SIZE_BYTES + payload.length, 0);
  header.writeUInt8(PROTOCOL_VERSION, 4);
  header.writeUInt8(kind, 5);
  return Buffer.concat([header, payload]);
}

function sizeAt(bytes: Buffer, at: number): number {
  const size = bytes.readUInt32LE(at);
  const version = bytes.readUInt8(at + 4);
  if (version !== PROTOCOL_VERSION) throw new FrameError(`protocol version ${String(version)} is not known`);
  if (bytes.readUInt16LE(at + 6) !== 0) throw new FrameError('reserved bytes are not zero');
  if (size < HEADER_BYTES - SIZE_BYTES || size > MAX_FRAME_BYTES) {
    throw new FrameError(`a frame of ${String(size)} bytes is not possible`);
  }
  return size;
}
