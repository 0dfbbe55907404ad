import { Undecided } from '../../../../detector/enrich/undecided.ts';
import { fakeClock } from '../../../support/clock.ts';

/** Events that are judged by whether a fact is known. */
function stage(limit = 100) {
  const clock = fakeClock();
  const facts = new Set<string>();
  const judged: string[] = [];
  const event = (name: string) => {
    let isSettled = false;
    return { name, hold: () => undefined, settle: () => (isSettled = true), isSettled: () => isSettled };
  };
  const undecided = new Undecided<ReturnType<typeof event>>({
    judge: (one) => {
      const isDecided = facts.has(one.name) || one.isSettled();
      if (isDecided) judged.push(`${one.name}${facts.has(one.name) ? '' : ' without facts'}`);
      return isDecided;
    },
    boundMs: 1_000,
    limit,
  });
  const add = (name: string): void => {
    undecided.add(event(name), clock.monotonicNs());
  };
  const reviewAfter = (ms: number): void => {
    clock.advance(ms);
    undecided.review(clock.monotonicNs());
  };
  return { facts, judged, undecided, add, reviewAfter };
}

describe('Undecided', () => {
  test('judges an event as soon as its fact is there, and once', () => {
    const { facts, judged, undecided, add, reviewAfter } = stage();
    add('a');
    reviewAfter(200);
    expect(judged).toEqual([]);
    facts.add('a');
    reviewAfter(200);
    reviewAfter(200);
    expect(judged).toEqual(['a']);
    expect(undecided.outOfTime).toBe(0);
  });

  test('judges without the fact when the bound is over, and counts it', () => {
    const { judged, undecided, add, reviewAfter } = stage();
    add('a');
    reviewAfter(999);
    expect(judged).toEqual([]);
    reviewAfter(1);
    expect(judged).toEqual(['a without facts']);
    expect(undecided.outOfTime).toBe(1);
    expect(undecided.size).toBe(0);
  });

  test('a fact that comes with the last look still counts', () => {
    const { facts, judged, undecided, add, reviewAfter } = stage();
    add('a');
    facts.add('a');
    reviewAfter(5_000);
    expect(judged).toEqual(['a']);
    expect(undecided.outOfTime).toBe(0);
  });

  test('makes room by judging the oldest without its fact', () => {
    const { judged, undecided, add } = stage(2);
    ['a', 'b', 'c'].forEach(add);
    expect(judged).toEqual(['a without facts']);
    expect(undecided.outOfRoom).toBe(1);
    expect(undecided.size).toBe(2);
  });
});
