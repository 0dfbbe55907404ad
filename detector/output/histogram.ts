/** Counts values by upper bounds, as Prometheus has it: each bucket counts all that are not greater. */
export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  add(value: number): void {
    this.#sum += value;
    this.#count++;
    const first = this.#bounds.findIndex((bound) => value <= bound);
    if (first >= 0) this.#counts[first] = (this.#counts[first] ?? 0) + 1;
  }

  snapshot(): HistogramSnapshot {
    let below = 0;
    const buckets = this.#bounds.map((bound, n) => ({ bound, count: (below += this.#counts[n] ?? 0) }));
    return { buckets, sum: this.#sum, count: this.#count };
  }
}

export interface HistogramSnapshot {
  readonly buckets: readonly { readonly bound: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}
