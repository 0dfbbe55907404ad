import fc from 'fast-check';
import { PERIOD_MS, afterTick, staggered } from '../../../../../network/agent/meter/ticks.ts';

describe('the ticks of a path', () => {
  test('come 50 ms apart when the prober is in time, whatever its small delays', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 49.9, noNaN: true }), { maxLength: 100 }), (delays) => {
        const end = delays.reduce((ticks, delay) => afterTick(ticks, ticks.dueMs + delay), { dueMs: 1000, missed: 0 });
        expect(end).toEqual({ dueMs: 1000 + delays.length * PERIOD_MS, missed: 0 });
      }),
    );
  });

  test('are counted as missed when the prober comes too late, and do not pile up', () => {
    expect(afterTick({ dueMs: 1000, missed: 0 }, 1000 + 49)).toEqual({ dueMs: 1050, missed: 0 });
    expect(afterTick({ dueMs: 1000, missed: 0 }, 1000 + 50)).toEqual({ dueMs: 1100, missed: 1 });
    expect(afterTick({ dueMs: 1000, missed: 2 }, 1000 + 1020)).toEqual({ dueMs: 2050, missed: 22 });
  });

  test('made and missed together are all ticks of the time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 100 }), (delays) => {
        const end = delays.reduce((ticks, delay) => afterTick(ticks, ticks.dueMs + delay), { dueMs: 0, missed: 0 });
        expect(delays.length + end.missed).toBe(end.dueMs / PERIOD_MS);
      }),
    );
  });

  test('of several paths are spread over one period', () => {
    expect(staggered(4, 100).map(({ dueMs }) => dueMs)).toEqual([100, 112.5, 125, 137.5]);
  });
});
