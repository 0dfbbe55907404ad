import type { ExpectedAlert } from '../../../../scenarios/define.ts';
import { alertsAreRight, matchAlerts } from '../../../../scenarios/grader/alerts.ts';
import type { SeenAlert } from '../../../../scenarios/ports.ts';

/** The injector's time is from 1 to 2 s, the grader's from 10 to 11 s. */
const windows = [
  { actor: 'injector' as const, fromMs: 1_000, toMs: 2_000 },
  { actor: 'system' as const, fromMs: 10_000, toMs: 11_000 },
];

function seen(rule: string, timeMs: number, more: Partial<SeenAlert> = {}): SeenAlert {
  return { rule, priority: 'Notice', source: 'syscall', node: 'lab-worker', timeMs, latencyMs: 40, about: {}, ...more };
}

function match(expected: readonly ExpectedAlert[], ...alerts: readonly SeenAlert[]): ReturnType<typeof matchAlerts> {
  return matchAlerts({ seen: alerts, expected, windows });
}

const mustShell: ExpectedAlert = { rule: 'Shell', expected: 'must', deadlineMs: 2_000, about: { pod: 'web-1' } };

describe('an alert that must come', () => {
  test('is right when the break raised it, about the right pod, in time', () => {
    const lines = match([mustShell], seen('Shell', 1_500, { about: { pod: 'web-1', namespace: 'shop' } }));
    expect(lines).toEqual([
      { rule: 'Shell', expected: 'must', deadlineMs: 2_000, actor: 'injector', observed: 1, firstLatencyMs: 40 },
    ]);
    expect(alertsAreRight(lines)).toBe(true);
  });

  test.each([
    ['nobody raised it', []],
    ['it is about another pod', [seen('Shell', 1_500, { about: { pod: 'web-2' } })]],
    ['it is the learner’s own', [seen('Shell', 5_000, { about: { pod: 'web-1' } })]],
    ['it is the grader’s own', [seen('Shell', 10_500, { about: { pod: 'web-1' } })]],
    ['it came too late', [seen('Shell', 1_500, { about: { pod: 'web-1' }, latencyMs: 2_500 })]],
  ])('is wrong when %s', (_name, alerts) => {
    expect(alertsAreRight(match([mustShell], ...alerts))).toBe(false);
  });

  test('belongs to the window that it falls into, however close the next one is', () => {
    const close = [
      { actor: 'injector' as const, fromMs: 1_000, toMs: 2_000 },
      { actor: 'system' as const, fromMs: 2_010, toMs: 4_000 },
    ];
    const alert = seen('Shell', 1_800, { about: { pod: 'web-1' } });
    expect(alertsAreRight(matchAlerts({ seen: [alert], expected: [mustShell], windows: close }))).toBe(true);
  });

  test('may be asked of one node', () => {
    const expected: ExpectedAlert = { rule: 'Flushed', expected: 'must', deadlineMs: 2_000, node: 'lab-worker2' };
    expect(alertsAreRight(match([expected], seen('Flushed', 1_500)))).toBe(false);
    expect(alertsAreRight(match([expected], seen('Flushed', 1_500, { node: 'lab-worker2' })))).toBe(true);
  });

  test('has the latency of the first of several', () => {
    const [line] = match(
      [{ rule: 'Flushed', expected: 'must', deadlineMs: 2_000 }],
      seen('Flushed', 1_900, { latencyMs: 5 }),
      seen('Flushed', 1_100, { latencyMs: 70 }),
    );
    expect(line).toMatchObject({ observed: 2, firstLatencyMs: 70 });
  });
});

describe('an alert that may never come', () => {
  const never: ExpectedAlert = { rule: 'Tampered', expected: 'never' };

  test('is right when it did not come', () => {
    const lines = match([never]);
    expect(lines).toEqual([
      { rule: 'Tampered', expected: 'never', deadlineMs: 0, actor: 'learner', observed: 0, firstLatencyMs: null },
    ]);
    expect(alertsAreRight(lines)).toBe(true);
  });

  test('is wrong when the learner raised it', () => {
    expect(alertsAreRight(match([never], seen('Tampered', 5_000)))).toBe(false);
  });

  test.each([
    ['the break', 1_500],
    ['the grader', 10_500],
  ])('does not count when %s raised it, unless anybody’s does', (_name, timeMs) => {
    expect(alertsAreRight(match([never], seen('Tampered', timeMs)))).toBe(true);
    expect(alertsAreRight(match([{ ...never, actor: 'anybody' }], seen('Tampered', timeMs)))).toBe(false);
  });
});

test('what an intruder does is the injector’s, also in the learner’s time', () => {
  const alert = seen('Disallowed user', 5_000, { about: { user: 'mallory' } });
  expect(matchAlerts({ seen: [alert], expected: [], windows, intruders: ['mallory'] })).toMatchObject([
    { actor: 'injector' },
  ]);
  expect(matchAlerts({ seen: [alert], expected: [], windows })).toMatchObject([{ actor: 'learner' }]);
});

test('everything else that was seen is allowed, one line for each rule and actor', () => {
  const lines = match(
    [{ rule: 'Expected', expected: 'may' }],
    seen('Expected', 5_000),
    seen('Other', 5_000),
    seen('Other', 6_000),
    seen('Other', 1_500),
  );
  expect(lines.map(({ rule, expected, actor, observed }) => [rule, expected, actor, observed])).toEqual([
    ['Expected', 'may', 'learner', 1],
    ['Other', 'may', 'learner', 2],
    ['Other', 'may', 'injector', 1],
  ]);
  expect(alertsAreRight(lines)).toBe(true);
});
