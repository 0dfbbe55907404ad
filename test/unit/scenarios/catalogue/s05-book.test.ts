import { atOnce, writing, type Writer } from '../../../../scenarios/catalogue/s05-split-brain-node/book.ts';

const writer = (uid: string, firstMs: number, lastMs: number, role = 'stock-0'): Writer => ({
  role,
  pod: `pod-${uid}`,
  uid,
  firstMs,
  lastMs,
  orders: 1,
});

describe('who was there at the same time', () => {
  test.each([
    ['one after the other', [writer('a', 0, 10_000), writer('b', 10_500, 20_000)], 0],
    ['an order of the old one that came late', [writer('a', 0, 10_900), writer('b', 10_000, 20_000)], 0],
    ['two, one of which began while the other wrote', [writer('a', 0, 30_000), writer('b', 10_000, 20_000)], 1],
    ['two, in whatever order the book names them', [writer('b', 10_000, 20_000), writer('a', 0, 30_000)], 1],
    ['two of different roles', [writer('a', 0, 30_000), writer('b', 0, 30_000, 'stock-1')], 0],
  ])('%s', (_name, writers, pairs) => {
    expect(atOnce({ nowMs: 40_000, writers }, 'stock-0')).toHaveLength(pairs);
  });

  test('of three, every two that met', () => {
    const writers = [writer('a', 0, 30_000), writer('b', 10_000, 20_000), writer('c', 25_000, 30_000)];
    const met = atOnce({ nowMs: 40_000, writers }, 'stock-0').map((pair) => pair.map(({ uid }) => uid).join(''));
    expect(met).toEqual(['ab', 'ac']);
  });
});

test('who writes now is who wrote in the last moments, in that role', () => {
  const writers = [writer('a', 0, 9_000), writer('b', 0, 9_900), writer('c', 0, 9_900, 'till')];
  expect(writing({ nowMs: 10_000, writers }, 'stock-0', 500).map(({ uid }) => uid)).toEqual(['b']);
});
