import type { Writable } from 'node:stream';

const MAX_QUEUED_BYTES = 1024 * 1024;

/** Writes lines to a stream without ever waiting for it: what a reader is too slow for is dropped and counted. */
export class LineOutput {
  readonly #stream: Writable;
  dropped = 0;

  constructor(stream: Writable) {
    this.#stream = stream;
    // A reader that has gone must not end the engine; what it misses is still behind the Channel.
    stream.on('error', () => this.dropped++);
  }

  write(line: string): void {
    if (this.#stream.writableLength > MAX_QUEUED_BYTES) this.dropped++;
    else this.#stream.write(`${line}\n`);
  }
}
