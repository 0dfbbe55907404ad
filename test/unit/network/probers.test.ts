import { isProber, matchesAny } from '../../../network/probers.ts';

describe('names of those who answer', () => {
  test.each([
    ['shop/web-*', 'shop/web-6d9f-abc', true],
    ['shop/web-*', 'shop/db-0', false],
    ['shop/web-*', 'attacker/shop/web-1', false],
    ['*/pod-a', 'lab-worker/pod-a', true],
    ['*/pod-a', 'lab-worker/pod-ab', false],
    ['*/pod-a', 'a/b/pod-a', false],
    ['lab.worker/node', 'labxworker/node', false],
    ['ext', 'ext', true],
    ['ext', 'next', false],
  ])('%s as a pattern and %s: %s', (glob, name, expected) => {
    expect(matchesAny(name, [glob])).toBe(expected);
  });

  test('match when one pattern of several does, and never without patterns', () => {
    expect(matchesAny('ext', ['a', 'ext'])).toBe(true);
    expect(matchesAny('ext', [])).toBe(false);
  });

  test.each([
    ['lab-worker/pod-a', true],
    ['lab-worker/node', true],
    ['ext', true],
    ['shop/web-6d9f', false],
    ['a/b/pod-a', false],
    ['pod-a', false],
  ])('%s must sign like a prober: %s', (name, expected) => {
    expect(isProber(name)).toBe(expected);
  });
});
