import type { MeterReading } from '../../network/index.ts';
import type { GradedOutage } from '../types.ts';

/** Outages that were not over before `sinceMs` (CLOCK_MONOTONIC, milliseconds), in the order in which they began. */
export function outagesSince(readings: readonly MeterReading[], sinceMs: number): readonly GradedOutage[] {
  return readings
    .flatMap((reading) => reading.outages)
    .filter((outage) => outage.open || outage.lastFailure >= sinceMs)
    .sort((a, b) => a.firstFailure - b.firstFailure);
}

/** How long the paths whose names match were out since `sinceMs`, the longest of them; milliseconds. */
export function longestTotalMs(readings: readonly MeterReading[], path: RegExp, sinceMs: number): number {
  const totals = readings
    .filter((reading) => path.test(reading.path))
    .map((reading) => outagesSince([reading], sinceMs).reduce((sum, { outageMs }) => sum + outageMs, 0));
  return Math.max(0, ...totals);
}
