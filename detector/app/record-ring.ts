import { SensorRecord } from '../source/record.ts';

/** A record that is kept, and what belongs to it. */
export interface Kept<Facts> {
  readonly record: SensorRecord;
  readonly facts: Facts;
}

interface Slot<Facts> {
  readonly from: number;
  readonly to: number;
  readonly facts: Facts;
}

/**
 * The latest records in a fixed number of bytes. They are copied: a record as the sensor sent it keeps all that was read
 * from the socket at once from being freed.
 */
export class RecordRing<Facts> {
  readonly #bytes: Buffer;
  /** In the order of their coming. */
  #slots: Slot<Facts>[] = [];
  #oldest = 0;
  #at = 0;

  constructor(sizeBytes: number) {
    this.#bytes = Buffer.alloc(sizeBytes);
  }

  /** Takes a record; the oldest give way. One that is larger than the ring is not kept. */
  add(record: SensorRecord, facts: Facts): void {
    const size = record.byteLength;
    if (size > this.#bytes.length) return;
    const wraps = this.#at + size > this.#bytes.length;
    // What is left at the end stays empty, and what lies there is the oldest and gives way first.
    if (wraps) this.#free(this.#at, this.#bytes.length);
    const from = wraps ? 0 : this.#at;
    this.#free(from, from + size);
    record.copyTo(this.#bytes, from);
    this.#at = from + size;
    this.#slots.push({ from, to: this.#at, facts });
  }

  /** Oldest first; copies, so that they stay what they are. */
  all(): readonly Kept<Facts>[] {
    return this.#slots.slice(this.#oldest).flatMap(({ from, to, facts }) => {
      const record = SensorRecord.from(Buffer.from(this.#bytes.subarray(from, to)));
      return record === undefined ? [] : [{ record, facts }];
    });
  }

  #free(from: number, to: number): void {
    for (;;) {
      const slot = this.#slots[this.#oldest];
      if (slot === undefined || slot.from >= to || slot.to <= from) break;
      this.#oldest++;
    }
    // Cutting off the front now and then is cheaper than moving everything for each record.
    if (this.#oldest < 64 || this.#oldest * 2 < this.#slots.length) return;
    this.#slots = this.#slots.slice(this.#oldest);
    this.#oldest = 0;
  }
}
