import type { FieldReference } from '../../event/field-table.ts';
import { isDerived, readMapField } from '../../event/map-event.ts';
import type { DetectorEvent, EventSource, Extractor, FieldValue } from '../../event/types.ts';
import { GROUPS_AT, partOf } from './layout.ts';

/** Where each key of a group has its value. */
export type Shape = ReadonlyMap<string, number>;

/** A part of an event: the values of some keys. Groups of the same keys have the same shape. */
export interface Group {
  readonly shape: Shape;
  readonly values: readonly (FieldValue | undefined)[];
}

/** What the events of a frame have in common. */
export interface Frame {
  readonly rows: Uint32Array;
  readonly groups: readonly Group[];
  readonly source: EventSource;
  /** Fields for events that lack them. */
  readonly defaults: ReadonlyMap<string, FieldValue> | undefined;
}

/** An event of a binary recording: a place in a frame, from which fields are taken when they are asked for. */
export class BinaryEvent implements DetectorEvent {
  readonly type: string;
  readonly #frame: Frame;
  readonly #at: number;

  /** `at` is the offset of the row, in words. */
  constructor(frame: Frame, at: number) {
    this.#frame = frame;
    this.#at = at;
    const type = readType(this);
    this.type = typeof type === 'string' ? type : 'pluginevent';
  }

  get source(): EventSource {
    return this.#frame.source;
  }

  get number(): number {
    return this.#word(0) + this.#word(1) * 2 ** 32;
  }

  get timeNs(): bigint {
    return BigInt.asIntN(64, (BigInt(this.#word(3)) << 32n) | BigInt(this.#word(2)));
  }

  /** What the map did not say, and what does with it. */
  get defaults(): Frame['defaults'] {
    return this.#frame.defaults;
  }

  field(name: string, argument?: string): FieldValue | undefined {
    return readMapField((key) => this.#read(key), name, argument);
  }

  /** The part of the event that has the keys of a kind (layout.ts). */
  group(part: number): Group | undefined {
    return this.#frame.groups[this.#word(GROUPS_AT + part)];
  }

  #read(key: string): FieldValue | undefined {
    const group = this.group(partOf(key));
    const place = group?.shape.get(key);
    return (place === undefined ? undefined : group?.values[place]) ?? this.#frame.defaults?.get(key);
  }

  #word(index: number): number {
    return this.#frame.rows[this.#at + index] ?? 0;
  }
}

/** For the engine: how a field is read from events of a binary recording, with the keys it may have made beforehand. */
export function readBinaryField({ info, argument }: FieldReference): Extractor {
  const { name } = info;
  if (argument !== undefined || isDerived(name)) return derivedReader(name, argument);
  const read = keyReader(name);
  return (event) => (event instanceof BinaryEvent ? (read(event) ?? event.defaults?.get(name)) : event.field(name));
}

/** Fields that follow from several keys, all of which are in the same part as the field; worked out once for a group. */
function derivedReader(name: string, argument: string | undefined): Extractor {
  const part = partOf(name);
  const known = new WeakMap<Group, { readonly value: FieldValue | undefined }>();
  return (event) => {
    const group = event instanceof BinaryEvent ? event.group(part) : undefined;
    if (group === undefined) return event.field(name, argument);
    const before = known.get(group);
    if (before !== undefined) return before.value;
    const value = event.field(name, argument);
    known.set(group, { value });
    return value;
  };
}

/** Reads what the map itself has under a key. An event that is asked for a field mostly has the shape of the one before. */
function keyReader(key: string): (event: BinaryEvent) => FieldValue | undefined {
  const part = partOf(key);
  let shape: Shape | undefined;
  let place: number | undefined;
  return (event) => {
    const group = event.group(part);
    if (group?.shape !== shape) {
      shape = group?.shape;
      place = shape?.get(key);
    }
    return place === undefined ? undefined : group?.values[place];
  };
}

const readType = keyReader('evt.type');
