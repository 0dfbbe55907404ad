/** Probes a second on every path. */
const PROBES_PER_SECOND = 20;
export const PERIOD_MS = 1_000 / PROBES_PER_SECOND;

/** When the next probe of a path is due, and how many came too late to be made. */
export interface Ticks {
  readonly dueMs: number;
  readonly missed: number;
}

/** First ticks of so many paths, spread evenly over one period so that they do not all fire at once. */
export function staggered(paths: number, nowMs: number): readonly Ticks[] {
  return Array.from({ length: paths }, (_, index) => ({ dueMs: nowMs + (index * PERIOD_MS) / paths, missed: 0 }));
}

/** The ticks after the one that is due was taken at `nowMs`: those that are over a period late by then are missed. */
export function afterTick({ dueMs, missed }: Ticks, nowMs: number): Ticks {
  const late = Math.max(0, Math.floor((nowMs - dueMs) / PERIOD_MS));
  return { dueMs: dueMs + (late + 1) * PERIOD_MS, missed: missed + late };
}
