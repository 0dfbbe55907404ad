import { BASE_FIELDS } from '../../event/base-fields.ts';
import { printJson, type JsonValue } from '../../event/json.ts';
import { MapEvent, type FieldMap } from '../../event/map-event.ts';
import { FRAME_HEADER_BYTES, FRESH, PARTS, SIZE_BYTES, partOf } from './layout.ts';

const EVENTS_PER_FRAME = 8192;
/** With so many values the dictionary is begun anew, so that readers of long recordings do not grow without bound. */
const MAX_VALUES = 500_000;

export interface RecordingWriterOptions {
  readonly eventsPerFrame?: number;
  readonly maxValues?: number;
}

/** Writes events into the frames of a binary recording, which `MAGIC` precedes (layout.ts). */
export class RecordingWriter {
  readonly #eventsPerFrame: number;
  readonly #maxValues: number;
  #dictionary = new Dictionary();
  #isFresh = true;
  #rows: number[] = [];
  #events = 0;

  constructor({ eventsPerFrame = EVENTS_PER_FRAME, maxValues = MAX_VALUES }: RecordingWriterOptions = {}) {
    this.#eventsPerFrame = eventsPerFrame;
    this.#maxValues = maxValues;
  }

  /**
   * Takes an event; gives a frame whenever one is full. Fields that the engine answers itself are kept as number and
   * time only. `number` is that of an event that does not say `evt.num`, as readers of JSON lines count them.
   */
  add(fields: FieldMap, number: number): Buffer | undefined {
    const event = new MapEvent(fields, { number });
    this.#rows.push(...words(BigInt(event.number)), ...words(event.timeNs), ...this.#groups(fields));
    this.#events++;
    return this.#events < this.#eventsPerFrame ? undefined : this.flush();
  }

  /** The frame of what was taken since the last; undefined when that is nothing. */
  flush(): Buffer | undefined {
    if (this.#events === 0) return undefined;
    const frame = encodeFrame(this.#dictionary.news(), this.#rows, this.#isFresh ? FRESH : 0);
    this.#isFresh = this.#dictionary.size > this.#maxValues;
    if (this.#isFresh) this.#dictionary = new Dictionary();
    this.#rows = [];
    this.#events = 0;
    return frame;
  }

  #groups(fields: FieldMap): readonly number[] {
    const parts = Array.from({ length: PARTS }, (): string[] => []);
    for (const key of Object.keys(fields)) if (isKept(key)) parts[partOf(key)]?.push(key);
    return parts.map((keys) => this.#dictionary.group(keys, fields));
  }
}

/** The type of an event is what it is found by; all else of its kind is never asked of an event. */
function isKept(key: string): boolean {
  return key === 'evt.type' || !BASE_FIELDS.has(key);
}

/** Numbers what is seen the first time, and knows what is new since it was last asked. */
class Dictionary {
  readonly #shapes = new Interner<readonly string[]>();
  readonly #values = new Interner<JsonValue>();
  readonly #groups = new Interner<readonly number[]>();

  get size(): number {
    return this.#values.size + this.#groups.size;
  }

  group(keys: readonly string[], fields: FieldMap): number {
    const shape = this.#shapes.indexOf(JSON.stringify(keys), keys);
    const values = keys.map((key) => this.#value(fields[key] ?? null));
    const group = [shape, ...values];
    return this.#groups.indexOf(group.join(), group);
  }

  news(): string {
    return printJson({ shapes: this.#shapes.news(), values: this.#values.news(), groups: this.#groups.news() });
  }

  #value(value: JsonValue): number {
    return this.#values.indexOf(
      typeof value === 'object' ? `json:${printJson(value)}` : `${typeof value}:${String(value)}`,
      value,
    );
  }
}

class Interner<T> {
  readonly #indexes = new Map<string, number>();
  #news: T[] = [];

  get size(): number {
    return this.#indexes.size;
  }

  indexOf(key: string, item: T): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#news.push(item);
    this.#indexes.set(key, this.#indexes.size);
    return this.#indexes.size - 1;
  }

  news(): readonly T[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }
}

function words(value: bigint): readonly [low: number, high: number] {
  return [Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n))];
}

function encodeFrame(dictionary: string, rows: readonly number[], flags: number): Buffer {
  const text = Buffer.from(dictionary, 'utf8');
  const dictionaryBytes = Math.ceil(text.length / 4) * 4;
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + dictionaryBytes + rows.length * 4, ' ');
  frame.writeUInt32LE(frame.length - SIZE_BYTES, 0);
  frame.writeUInt32LE(flags, 4);
  frame.writeUInt32LE(dictionaryBytes, 8);
  text.copy(frame, FRAME_HEADER_BYTES);
  rows.forEach((word, index) => frame.writeUInt32LE(word, FRAME_HEADER_BYTES + dictionaryBytes + index * 4));
  return frame;
}
