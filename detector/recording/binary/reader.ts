import { parseJson, type JsonValue } from '../../event/json.ts';
import { mapValue, type FieldMap } from '../../event/map-event.ts';
import type { EventSource, FieldValue } from '../../event/types.ts';
import { BinaryEvent, type Frame, type Group, type Shape } from './event.ts';
import { FRAME_HEADER_BYTES, FRESH, GROUPS_AT, PARTS, ROW_WORDS } from './layout.ts';
import { RecordingError } from './recording-error.ts';

export interface RecordingReaderOptions {
  readonly source?: EventSource;
  /** Fields for events that lack them. */
  readonly defaults?: FieldMap;
}

/** Reads the frames of a binary recording, one after the other. */
export class RecordingReader {
  readonly #source: EventSource;
  readonly #defaults: Frame['defaults'];
  #shapes: Shape[] = [];
  #values: (FieldValue | undefined)[] = [];
  #groups: Group[] = [];

  constructor({ source = 'syscall', defaults }: RecordingReaderOptions = {}) {
    this.#source = source;
    this.#defaults = defaults === undefined ? undefined : valuesOf(defaults);
  }

  /** The events of a frame, as the writer gave it, which are made as they are asked for. Throws RecordingError. */
  frame(frame: Buffer): Iterable<BinaryEvent> {
    const rows = this.#open(frame);
    return eventsOf({ rows, groups: this.#groups, source: this.#source, defaults: this.#defaults });
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
    for (const keys of shapes) this.#shapes.push(shapeOf(keys));
    for (const value of values) this.#values.push(mapValue(value));
    for (const group of groups) this.#groups.push(this.#group(group));
  }

  #group(group: unknown): Group {
    const [shapeIndex = -1, ...valueIndexes] = Array.isArray(group) ? (group as readonly number[]) : [];
    const shape = this.#shapes[shapeIndex];
    if (shape === undefined || shape.size !== valueIndexes.length) {
      throw new RecordingError('a group has not the shape it names');
    }
    return { shape, values: valueIndexes.map((index) => this.#values[index]) };
  }

  #check(rows: Uint32Array): void {
    for (let at = GROUPS_AT; at < rows.length; at += ROW_WORDS) {
      for (let part = 0; part < PARTS; part++) {
        if ((rows[at + part] ?? 0) >= this.#groups.length) throw new RecordingError('a row names no group');
      }
    }
  }
}

function* eventsOf(frame: Frame): Generator<BinaryEvent> {
  for (let at = 0; at < frame.rows.length; at += ROW_WORDS) yield new BinaryEvent(frame, at);
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

function shapeOf(keys: unknown): Shape {
  if (!Array.isArray(keys)) throw new RecordingError('a shape is no list of keys');
  return new Map(keys.map((key, place) => [String(key), place]));
}

function valuesOf(fields: FieldMap): ReadonlyMap<string, FieldValue> {
  const values = new Map<string, FieldValue>();
  for (const [key, json] of Object.entries(fields)) {
    const value = mapValue(json);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}
