import { outageLines } from '../../../cli/render/outages.ts';
import type { GradeResult } from '../../../scenarios/index.ts';

function outage(path: string, seconds: number, error: string, open = false): GradeResult['outages'][number] {
  return { path, firstFailure: 0, lastFailure: seconds * 1000, outageMs: seconds * 1000, error, open };
}

describe('outages on the page of a grade', () => {
  test('are one line a path, the longest out first, with what happened', () => {
    const lines = outageLines([
      outage('o.svc@n1', 0.05, 'reset'),
      outage('o.np@n2', 1, 'refused'),
      outage('o.np@n2', 9.5, 'timeout', true),
    ]);
    expect(lines).toEqual([
      `${'o.np@n2'.padEnd(28)}  10.50 s  in 2 stretches, the longest 9.50 s (refused, timeout), still open`,
      `${'o.svc@n1'.padEnd(28)}   0.05 s  reset`,
    ]);
  });

  test('are no line at all when there were none', () => {
    expect(outageLines([])).toEqual([]);
  });
});
