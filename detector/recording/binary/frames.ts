import { FRAME_HEADER_BYTES, MAGIC, MAX_FRAME_BYTES, SIZE_BYTES } from './layout.ts';
import { RecordingError } from './recording-error.ts';

/** Cuts the bytes of a binary recording into its frames. Throws RecordingError for what is none. */
export async function* framesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const bytes = new Bytes(chunks);
  if (!(await bytes.take(MAGIC.length)).equals(MAGIC)) throw new RecordingError('it does not begin as one');
  for (;;) {
    const size = await bytes.take(SIZE_BYTES);
    if (size.length === 0) return;
    const length = size.length < SIZE_BYTES ? 0 : size.readUInt32LE(0);
    if (length > MAX_FRAME_BYTES) throw new RecordingError(`a frame of ${String(length)} bytes is not possible`);
    const frame = Buffer.concat([size, await bytes.take(length)]);
    if (frame.length < Math.max(FRAME_HEADER_BYTES, SIZE_BYTES + length)) {
      throw new RecordingError('it ends in the middle of a frame');
    }
    yield frame;
  }
}

/** Bytes by count, however they arrive. */
class Bytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** So many bytes, or fewer at the end. */
  async take(count: number): Promise<Buffer> {
    const taken = [this.#rest];
    let length = this.#rest.length;
    while (length < count) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      taken.push(next.value);
      length += next.value.length;
    }
    const bytes = Buffer.concat(taken);
    this.#rest = bytes.subarray(count);
    return bytes.subarray(0, count);
  }
}
