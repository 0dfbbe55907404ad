import type { Shortfall } from '../../detector/index.ts';
import type { ExpectedAlert } from '../define.ts';
import type { DetectorReading } from '../ports.ts';
import type { GradedAlert } from '../types.ts';
import { isMissing } from './alerts.ts';

/** Losses that concern an alert which must or may never come: neither that it came nor that it did not proves anything. */
export function voidingLosses(
  expected: readonly ExpectedAlert[],
  { losses, sources }: DetectorReading,
): readonly string[] {
  return losses
    .filter((loss) => expected.some((one) => one.expected !== 'may' && concerns(loss, one, sources)))
    .map(({ node, says }) => `${node}: ${says}`);
}

/**
 * For each expected alert that is missing, why that may be the detector's doing: events of that time that it may have
 * come from were judged by less than they held. `lines` begins with one for each expectation.
 */
export function excusedAlerts(
  expected: readonly ExpectedAlert[],
  lines: readonly GradedAlert[],
  { excuses, sources }: DetectorReading,
): readonly string[] {
  return expected.flatMap((one, index) => {
    const line = lines[index];
    if (line === undefined || !isMissing(line)) return [];
    return excuses
      .filter((excuse) => concerns(excuse, one, sources))
      .map(({ node, says }) => `the alert "${one.rule}" is missing, perhaps for this: ${node}: ${says}`);
  });
}

/** Whether an alert as expected could have come of the events that fell short. Of a rule that no engine runs the source is not known. */
function concerns(shortfall: Shortfall, { rule, node }: ExpectedAlert, sources: DetectorReading['sources']): boolean {
  const source = sources[rule] ?? shortfall.source;
  return (node === undefined || shortfall.node === node) && (shortfall.source ?? source) === source;
}
