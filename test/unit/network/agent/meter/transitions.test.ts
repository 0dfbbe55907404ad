import { transitionLog } from '../../../../../network/agent/meter/transitions.ts';

describe('the transitions of a prober', () => {
  test('are numbered without a gap, and asked for by number', () => {
    const log = transitionLog();
    for (const t of [1, 2, 3]) log.add({ t, path: 'p', ok: true, ms: 0 });
    expect(log.since(0).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(log.since(2).map(({ t }) => t)).toEqual([3]);
    expect(log.since(3)).toEqual([]);
  });

  test('are of bounded number; what was dropped shows as a gap', () => {
    const log = transitionLog();
    for (let t = 0; t < 5_000; t++) log.add({ t, path: 'p', ok: t % 2 === 0, ms: 1 });
    const kept = log.since(0);
    expect(kept.length).toBeLessThan(5_000);
    expect(kept.at(-1)?.seq).toBe(5_000);
    expect(kept[0]?.seq).toBe(5_000 - kept.length + 1);
  });
});
