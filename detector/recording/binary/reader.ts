import { parseJson, type JsonValue } from '../../event/json.ts';
import { mapValue, type FieldMap } from '../../event/map-event.ts';
import type { EventSource, FieldValue } from '../../event/types.ts';
import { BinaryEvent, type Group } from './event.ts';
import {
  FRAME_HEADER_BYTES,
  FRESH,
  GROUPS_AT,
  MAGIC,
  MAX_FRAME_BYTES,
  PARTS,
  ROW_WORDS,
  SIZE_BYTES,
} from './layout.ts';

/** The bytes are no binary recording, or one that was cut or damaged. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

export interface RecordingReaderOptions {
  readonly source?: EventSource;
  /** Fields for events that lack them. */
  readonly defaults?: FieldMap;
}

/** Reads the frames of a binary recording, one after the other. */
export class RecordingReader {
  readonly #source: EventSource;
  readonly #defaults: Group | undefined;
  #shapes: (readonly string[])[] = [];
  #values: (FieldValue | undefined)[] = [];
  #groups: Group[] = [];

  constructor({ source = 'syscall', defaults }: RecordingReaderOptions = {}) {
    this.#source = source;
    this.#defaults = defaults === undefined ? undefined : groupOf(Object.entries(defaults));
  }

  /** The events of a frame, as the writer gave it. Throws RecordingError. */
  *frame(frame: Buffer): Generator<BinaryEvent> {
    const rows = this.#open(frame);
    const shared = { rows, groups: this.#groups, source: this.#source, defaults: this.#defaults };
    for (let at = 0; at < rows.length; at += ROW_WORDS) yield new BinaryEvent(shared, at);
  }

  /** Takes in the dictionary and gives the rows. */
  #open(frame: Buffer): Uint32Array {
    const dictionaryEnd = FRAME_HEADER_BYTES + frame.readUInt32LE(8);
    const rowBytes = frame.length - dictionaryEnd;
    if (rowBytes < 0 || rowBytes % (ROW_WORDS * 4) !== 0) throw new RecordingError('a frame has no whole rows');
    if ((frame.readUInt32LE(4) & FRESH) !== 0) this.#forget();
    this.#learn(frame.toString('utf8', FRAME_HEADER_BYTES, dictionaryEnd));
    // A copy, as words may not lie at any address; all machines that this runs on are little-endian.
    const rows = new Uint32Array(Uint8Array.prototype.slice.call(frame, dictionaryEnd).buffer);
    this.#check(rows);
    return rows;
  }

  #forget(): void {
    this.#shapes = [];
    this.#values = [];
    this.#groups = [];
  }

  #learn(text: string): void {
    const { shapes, values, groups } = parseDictionary(text);
    for (const shape of shapes) this.#shapes.push(shape);
    for (const value of values) this.#values.push(mapValue(value));
    for (const group of groups) this.#groups.push(this.#group(group));
  }

  #group(group: unknown): Group {
    const [shapeIndex = -1, ...valueIndexes] = Array.isArray(group) ? (group as readonly number[]) : [];
    const shape = this.#shapes[shapeIndex];
    if (!Array.isArray(shape) || shape.length !== valueIndexes.length) {
      throw new RecordingError('a group has not the shape it names');
    }
    return new Map(
      shape.flatMap((key, index) => {
        const value = this.#values[valueIndexes[index] ?? -1];
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  }

  #check(rows: Uint32Array): void {
    for (let at = GROUPS_AT; at < rows.length; at += ROW_WORDS) {
      for (let part = 0; part < PARTS; part++) {
        if ((rows[at + part] ?? 0) >= this.#groups.length) throw new RecordingError('a row names no group');
      }
    }
  }
}

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

function parseDictionary(text: string): Dictionary {
  try {
    const { shapes, values, groups } = parseJson(text) as unknown as Partial<Dictionary>;
    if (Array.isArray(shapes) && Array.isArray(values) && Array.isArray(groups)) return { shapes, values, groups };
  } catch {
    // Said below.
  }
  throw new RecordingError('a frame has no dictionary');
}

interface Dictionary {
  readonly shapes: readonly (readonly string[])[];
  readonly values: readonly JsonValue[];
  readonly groups: readonly (readonly number[])[];
}

function groupOf(fields: readonly (readonly [string, JsonValue])[]): Group {
  return new Map(
    fields.flatMap(([key, json]) => {
      const value = mapValue(json);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}
