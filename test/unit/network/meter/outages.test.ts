import fc from 'fast-check';
import { NO_HISTORY, addSample, readingOf, type Sample } from '../../../../network/meter/outages.ts';

const read = (samples: readonly Sample[]): ReturnType<typeof readingOf> =>
  readingOf(
    'p',
    samples.reduce((history, sample) => addSample('p', history, sample), NO_HISTORY),
    0,
  );

/** 20 a second; `.` is good, `x` failed. */
const samplesOf = (picture: string): readonly Sample[] =>
  Array.from(picture, (char, index) => ({ t: index * 50, ...(char === 'x' ? { error: 'timeout' as const } : {}) }));

describe('outages', () => {
  test.each([
    ['....', []],
    ['.xx.', [[50, 100, 100, false]]],
    ['xx..', [[0, 50, 100, false]]],
    [
      '.x.x.',
      [
        [50, 50, 50, false],
        [150, 150, 50, false],
      ],
    ],
    ['..xx', [[100, 150, 50, true]]],
    ['...x', [[150, 150, 0, true]]],
    ['', []],
  ])('of %s are %j (first failure, last failure, length, still open)', (picture, expected) => {
    expect(
      read(samplesOf(picture)).outages.map(({ firstFailure, lastFailure, outageMs, open }) => [
        firstFailure,
        lastFailure,
        outageMs,
        open,
      ]),
    ).toEqual(expected);
  });

  test('carry the class of their first failure', () => {
    const { outages } = read([{ t: 0, error: 'refused' }, { t: 50, error: 'timeout' }, { t: 100 }]);
    expect(outages[0]?.error).toBe('refused');
  });

  test('say that the path is good only when it was tried and its last sample was good', () => {
    expect(['', '.', 'x', 'x.', '.x'].map((picture) => read(samplesOf(picture)).lastOk)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  test('are exactly the stretches between good samples', () => {
    const samples = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.boolean()), { maxLength: 300 })
      .map((steps) => {
        let t = 0;
        return steps.map(([step, ok]): Sample => ({ t: (t += step), ...(ok ? {} : { error: 'timeout' as const }) }));
      });
    fc.assert(
      fc.property(samples, (taken) => {
        const reading = read(taken);
        const failures = taken.filter(({ error }) => error !== undefined);
        expect(reading.probes).toBe(taken.length);
        expect(reading.failures).toBe(failures.length);
        // Every failed sample lies in one outage, and no good one lies in any.
        const inside = (t: number): number =>
          reading.outages.filter(({ firstFailure, lastFailure }) => t >= firstFailure && t <= lastFailure).length;
        expect(failures.every(({ t }) => inside(t) === 1)).toBe(true);
        expect(taken.filter(({ error }) => error === undefined).every(({ t }) => inside(t) === 0)).toBe(true);
        // A closed outage lasts until the next sample after its last failure.
        for (const { lastFailure, firstFailure, outageMs, open } of reading.outages) {
          const next = taken.find(({ t }) => t > lastFailure)?.t;
          expect(open).toBe(next === undefined);
          expect(outageMs).toBe((next ?? lastFailure) - firstFailure);
        }
        expect(reading.totalOutageMs).toBe(reading.outages.reduce((sum, { outageMs }) => sum + outageMs, 0));
      }),
    );
  });

  test('are of bounded number on a path that flaps for hours, and the totals stay exact', () => {
    const flapping = read(samplesOf('.x'.repeat(5_000)));
    expect(flapping.outages.length).toBeLessThan(1_000);
    expect(flapping.totalOutageMs).toBe(4_999 * 50);
    expect(flapping.outages.length + (flapping.forgottenOutages ?? 0)).toBe(5_000);
  });
});
