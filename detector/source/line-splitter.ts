const NEWLINE = 0x0a;

/** Cuts bytes into lines of at most `maxBytes`; what is longer is passed over and counted. */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #onOverlong: () => void;
  #pieces: Buffer[] = [];
  #size = 0;
  #isSkipping = false;
  /** Lines that were too long. */
  overlong = 0;

  constructor(maxBytes: number, onOverlong: () => void = () => undefined) {
    this.#maxBytes = maxBytes;
    this.#onOverlong = onOverlong;
  }

  /** The lines that `chunk` ends, without their newline, without empty ones. */
  push(chunk: Buffer): readonly string[] {
    const lines: string[] = [];
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      this.#add(chunk.subarray(at, end));
      const line = this.#take();
      if (line !== '') lines.push(line);
      at = end + 1;
    }
    this.#add(chunk.subarray(at));
    return lines;
  }

  /** Forgets a line that was begun: its rest will not come. */
  reset(): void {
    this.#pieces = [];
    this.#size = 0;
    this.#isSkipping = false;
  }

  #add(piece: Buffer): void {
    if (this.#isSkipping || piece.length === 0) return;
    this.#size += piece.length;
    if (this.#size <= this.#maxBytes) {
      // A copy: the caller reads into the same buffer again.
      this.#pieces.push(Buffer.from(piece));
      return;
    }
    this.overlong++;
    this.#onOverlong();
    this.#pieces = [];
    this.#isSkipping = true;
  }

  #take(): string {
    const line = Buffer.concat(this.#pieces).toString('utf8');
    this.reset();
    return line;
  }
}
