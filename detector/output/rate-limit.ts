/** A bucket of `burst` tokens that fills up again by `perSecond`: who finds it empty is held back. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #lastNs: bigint | undefined;

  constructor({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes a token; false when there is none. `nowNs` must not go back. */
  take(nowNs: bigint): boolean {
    const sinceS = Number(nowNs - (this.#lastNs ?? nowNs)) / 1e9;
    this.#lastNs = nowNs;
    this.#tokens = Math.min(this.#burst, this.#tokens + sinceS * this.#perSecond);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
