import fc from 'fast-check';
import { diceFor } from '../../../scenarios/dice.ts';

describe('dice', () => {
  test('the same text makes the same choices in the same order', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 20 }), (text, limits) => {
        const first = diceFor(text);
        const second = diceFor(text);
        expect(limits.map((limit) => first.below(limit))).toEqual(limits.map((limit) => second.below(limit)));
      }),
    );
  });

  test('a choice is always one of those that were offered', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer(), { minLength: 1 }), (text, items) => {
        expect(items).toContain(diceFor(text).pick(items));
      }),
    );
  });

  test('over many seeds every choice comes up about as often as the others', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let seed = 0; seed < 6000; seed++) {
      const face = diceFor(`S01/${String(seed)}/variant`).below(6);
      counts[face] = (counts[face] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });

  test('nothing can be picked from nothing', () => {
    expect(() => diceFor('x').pick([])).toThrow('nothing to pick from');
  });
});
