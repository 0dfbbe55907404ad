import type { Excuse } from '../../detector/index.ts';
import type { ExpectedAlert } from '../define.ts';
import type { GradedAlert } from '../types.ts';
import { isMissing } from './alerts.ts';

/**
 * For each expected alert that is missing, why that may be the detector's doing: events of that time, on a node that
 * it may have come from, were judged by less than they held. `lines` begins with one for each expectation.
 */
export function excusedAlerts(
  expected: readonly ExpectedAlert[],
  lines: readonly GradedAlert[],
  excuses: readonly Excuse[],
): readonly string[] {
  return expected.flatMap(({ rule, node }, index) => {
    const line = lines[index];
    if (line === undefined || !isMissing(line)) return [];
    return excuses
      .filter((excuse) => node === undefined || excuse.node === node)
      .map((excuse) => `the alert "${rule}" is missing, perhaps for this: ${excuse.node}: ${excuse.says}`);
  });
}
