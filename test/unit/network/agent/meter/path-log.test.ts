import fc from 'fast-check';
import { pathLog, type TakenSample } from '../../../../../network/agent/meter/path-log.ts';

const good = (t: number): TakenSample => ({ t, ms: 1 });
const failed = (t: number): TakenSample => ({ t, ms: 900, error: 'timeout' });

describe('the log of a path', () => {
  test('takes samples in the order of their starts, however they end', () => {
    const log = pathLog('p');
    const [first, second, third] = [log.begin(), log.begin(), log.begin()];
    third(good(100));
    second(failed(50));
    expect(log.reading(0).probes).toBe(0);
    first(good(0));
    const { probes, outages, lastOk } = log.reading(0);
    expect({ probes, lastOk }).toEqual({ probes: 3, lastOk: true });
    expect(outages).toEqual([
      { path: 'p', firstFailure: 50, lastFailure: 50, outageMs: 50, open: false, error: 'timeout' },
    ]);
  });

  test('leaves out what does not count, and does not wait for it', () => {
    const log = pathLog('p');
    const [first, second] = [log.begin(), log.begin()];
    first(undefined);
    second(good(50));
    expect(log.reading(0)).toMatchObject({ probes: 1, failures: 0 });
  });

  test('gives the same reading in whatever order the probes end', () => {
    const samples = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }).chain((oks) =>
      fc.tuple(
        fc.constant(oks.map((ok, index) => (ok ? good(index * 50) : failed(index * 50)))),
        fc.shuffledSubarray(
          oks.map((_, index) => index),
          { minLength: oks.length, maxLength: oks.length },
        ),
      ),
    );
    fc.assert(
      fc.property(samples, ([taken, order]) => {
        expect(readingAfter(taken, order)).toEqual(
          readingAfter(
            taken,
            taken.map((_, index) => index),
          ),
        );
      }),
    );
  });

  test('tells of the first sample and of each change, with the length of the stretch before', () => {
    const told: (readonly [number, boolean, number])[] = [];
    const log = pathLog('p', ({ t, error }, ms) => told.push([t, error === undefined, ms]));
    for (const sample of [good(0), good(50), failed(100), failed(150), good(200)]) log.begin()(sample);
    expect(told).toEqual([
      [0, true, 0],
      [100, false, 100],
      [200, true, 100],
    ]);
  });

  test('says how long the slowest hundredth took', () => {
    const log = pathLog('p');
    for (let index = 0; index < 100; index++) log.begin()({ t: index, ms: index });
    expect(log.reading(0).p99Ms).toBe(99);
  });
});

function readingAfter(samples: readonly TakenSample[], order: readonly number[]): unknown {
  const log = pathLog('p');
  const ends = samples.map(() => log.begin());
  for (const index of order) ends[index]?.(samples[index]);
  return log.reading(0);
}
