/** An event that can be looked at again. */
export interface Holdable {
  hold(): void;
  settle(): void;
}

export interface UndecidedOptions<E extends Holdable> {
  /** Looks at an event; true when it was decided. */
  readonly judge: (event: E) => boolean;
  /** An event is about to be judged without a fact: it did not come in `time`, or there was no `room` to wait. */
  readonly onLack?: (why: 'time' | 'room') => void;
  /** How long facts are waited for. */
  readonly boundMs: number;
  /** More events than this do not wait at the same time. */
  readonly limit: number;
}

interface Waiting<E> {
  readonly event: E;
  readonly untilNs: bigint;
}

/**
 * Events whose judgement asked for a fact that is not known yet, such as the name of a pod that has just started. They
 * are judged again when facts arrive, and at the latest after the bound, then with the fact missing.
 */
export class Undecided<E extends Holdable> {
  readonly #options: UndecidedOptions<E>;
  #waiting: Waiting<E>[] = [];
  /** Judged in the end without a fact, because it did not come in time. */
  outOfTime = 0;
  /** Judged at once without a fact, because too many were waiting. */
  outOfRoom = 0;

  constructor(options: UndecidedOptions<E>) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** The events that wait, the oldest first. */
  get events(): readonly E[] {
    return this.#waiting.map(({ event }) => event);
  }

  /** Takes an event that `judge` could not decide. */
  add(event: E, nowNs: bigint): void {
    event.hold();
    this.#waiting.push({ event, untilNs: nowNs + BigInt(this.#options.boundMs) * 1_000_000n });
    if (this.#waiting.length <= this.#options.limit) return;
    const oldest = this.#waiting.shift();
    if (oldest === undefined) return;
    this.outOfRoom++;
    this.#judgeFinally(oldest.event, 'room');
  }

  /** Judges everything that waits once more. */
  review(nowNs: bigint): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (one.untilNs <= nowNs) {
        this.#finish(one.event);
        continue;
      }
      if (this.#options.judge(one.event)) continue;
      one.event.hold();
      this.#waiting.push(one);
    }
  }

  #finish(event: E): void {
    if (this.#options.judge(event)) return;
    this.outOfTime++;
    this.#judgeFinally(event, 'time');
  }

  #judgeFinally(event: E, why: 'time' | 'room'): void {
    this.#options.onLack?.(why);
    event.settle();
    this.#options.judge(event);
  }
}
