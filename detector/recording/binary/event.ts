import type { FieldReference } from '../../event/field-table.ts';
import { isDerived, readMapField } from '../../event/map-event.ts';
import type { DetectorEvent, EventSource, Extractor, FieldValue } from '../../event/types.ts';
import { GROUPS_AT, partOf } from './layout.ts';

/** A part of an event, by the keys of its map. */
export type Group = ReadonlyMap<string, FieldValue>;

/** What the events of a frame have in common. */
export interface Frame {
  readonly rows: Uint32Array;
  readonly groups: readonly Group[];
  readonly source: EventSource;
  /** Fields for events that lack them. */
  readonly defaults: Group | undefined;
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
    const type = frame.groups[this.#word(GROUPS_AT)]?.get('evt.type');
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

  field(name: string, argument?: string): FieldValue | undefined {
    return readMapField((key) => this.read(key, partOf(key)), name, argument);
  }

  /** What the map has under a key, which belongs to the given part (layout.ts). */
  read(key: string, part: number): FieldValue | undefined {
    const { groups, defaults } = this.#frame;
    return groups[this.#word(GROUPS_AT + part)]?.get(key) ?? defaults?.get(key);
  }

  #word(index: number): number {
    return this.#frame.rows[this.#at + index] ?? 0;
  }
}

/** For the engine: how a field is read from events of a binary recording, with the keys it may have made beforehand. */
export function readBinaryField({ info, argument }: FieldReference): Extractor | undefined {
  const { name } = info;
  if (argument !== undefined || isDerived(name)) return undefined;
  const part = partOf(name);
  return (event) => (event instanceof BinaryEvent ? event.read(name, part) : event.field(name));
}
