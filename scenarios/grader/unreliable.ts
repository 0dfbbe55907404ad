import type { MeterReading } from '../../network/index.ts';
import type { ExpectedAlert } from '../define.ts';
import type { DetectorReading } from '../ports.ts';
import { voidingLosses } from './shortfalls.ts';

/** Share of ticks that a prober may be too late for: of twenty a second, four are still enough for a judgement. */
const MISSED_SHARE = 0.8;

/** Why a grade on these measurements would be neither fair nor safe; empty when there is no reason. */
export function unreliable(
  detector: DetectorReading,
  meter: readonly MeterReading[],
  expected: readonly ExpectedAlert[],
): readonly string[] {
  return [
    ...detector.gaps,
    ...voidingLosses(expected, detector),
    ...meter
      .filter(({ missedTicks, probes }) => missedTicks > (missedTicks + probes) * MISSED_SHARE)
      .map(
        ({ path, missedTicks, probes }) =>
          `the prober of ${path} was late for ${String(missedTicks)} of ${String(missedTicks + probes)} ticks`,
      ),
  ];
}
