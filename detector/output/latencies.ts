/** The latest latencies, for percentiles. */
export class Latencies {
  readonly #kept: number;
  readonly #values: number[] = [];
  #count = 0;

  constructor(kept = 1_000) {
    this.#kept = kept;
  }

  add(ms: number): void {
    this.#values[this.#count++ % this.#kept] = ms;
  }

  summary(): { readonly count: number; readonly p50Ms: number | null; readonly p99Ms: number | null } {
    const sorted = [...this.#values].sort((a, b) => a - b);
    // Nearest rank: the smallest value that so many of all do not exceed.
    const percentile = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
    return { count: this.#count, p50Ms: percentile(0.5), p99Ms: percentile(0.99) };
  }
}
