import { AlertStore } from '../../../../detector/output/alert-store.ts';
import { Latencies } from '../../../../detector/output/latencies.ts';

describe('AlertStore', () => {
  const store = (maxAlerts: number, maxBytes = 1_000): AlertStore => new AlertStore({ maxAlerts, maxBytes });

  test('numbers from 1 and answers what comes after a number', () => {
    const alerts = store(10);
    ['a', 'b', 'c'].forEach((line) => {
      alerts.add(line);
    });
    expect(alerts.next).toBe(4);
    expect(alerts.since(0)).toEqual(['a', 'b', 'c']);
    expect(alerts.since(2)).toEqual(['c']);
    expect(alerts.since(3)).toEqual([]);
    expect(alerts.since(99)).toEqual([]);
  });

  test('forgets the oldest, and says so by its oldest number', () => {
    const alerts = store(2);
    ['a', 'b', 'c', 'd'].forEach((line) => {
      alerts.add(line);
    });
    expect(alerts.oldest).toBe(3);
    expect(alerts.since(0)).toEqual(['c', 'd']);
    expect(alerts.since(3)).toEqual(['d']);
  });

  test('is bounded in bytes too, but always keeps the last', () => {
    const alerts = store(100, 10);
    alerts.add('1234567');
    alerts.add('89012');
    expect(alerts.since(0)).toEqual(['89012']);
    alerts.add('longer than all that is allowed');
    expect(alerts.since(0)).toHaveLength(1);
  });

  test('tells a listener once, and not one that was taken away', () => {
    const alerts = store(10);
    const calls: string[] = [];
    alerts.onceAdded(() => calls.push('first'));
    alerts.onceAdded(() => calls.push('second'))();
    alerts.add('a');
    alerts.add('b');
    expect(calls).toEqual(['first']);
  });
});

describe('Latencies', () => {
  test('has no percentiles of nothing', () => {
    expect(new Latencies().summary()).toEqual({ count: 0, p50Ms: null, p99Ms: null });
  });

  test('gives percentiles by nearest rank', () => {
    const latencies = new Latencies();
    for (let ms = 1; ms <= 100; ms++) latencies.add(ms);
    expect(latencies.summary()).toEqual({ count: 100, p50Ms: 50, p99Ms: 99 });
  });

  test('counts all, but looks at the latest only', () => {
    const latencies = new Latencies(2);
    [1_000, 1_000, 3, 5].forEach((ms) => {
      latencies.add(ms);
    });
    expect(latencies.summary()).toEqual({ count: 4, p50Ms: 3, p99Ms: 5 });
  });
});
