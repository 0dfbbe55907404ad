/** How long to wait after the `failures`th failure in a row (from 1): doubled each time, up to a bound. */
export function backoffMs(failures: number, { firstMs, maxMs }: Backoff = DEFAULT_BACKOFF): number {
  return Math.min(maxMs, firstMs * 2 ** (failures - 1));
}

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

const DEFAULT_BACKOFF: Backoff = { firstMs: 250, maxMs: 30_000 };
