import fc from 'fast-check';
import { compileGlob } from '../../../../detector/filter/glob.ts';
import { compilePathPrefixes } from '../../../../detector/filter/path-prefix.ts';
import { compileRegex } from '../../../../detector/filter/regex.ts';

describe('compileGlob', () => {
  test.each([
    ['*', '', true],
    ['a*c', 'a/b/c', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[^a]x', 'bx', true],
    ['[]]', ']', true],
    ['[a', '[a', true],
    ['[[:digit:]]*', '7up', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['a.c', 'abc', false],
    ['[z-a]', 'b', false],
    ['a\\', 'a\\', true],
    ['**a', 'xxa', true],
    ['a-b', 'a-b', true],
  ])('%j matches %j: %s', (pattern, text, expected) => {
    expect(compileGlob(pattern)(text)).toBe(expected);
  });

  test('takes any pattern, and matches a text that has no special characters with itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z/.-]*$/), (pattern, text) => {
        expect(typeof compileGlob(pattern)(text)).toBe('boolean');
        expect(compileGlob(text)(text)).toBe(true);
      }),
    );
  });
});

describe('compileRegex', () => {
  test.each([
    ['a|bc', 'bc', true],
    ['a|bc', 'abc', false],
    ['(ab)*', 'abab', true],
    ['a{2,3}', 'aaaa', false],
    ['a{2,}', 'aaaa', true],
    ['[^a-c]+', 'xyz', true],
    ['[[:alpha:]_]+', 'a_b', true],
    ['[]a]+', ']a', true],
    ['.', '\n', false],
    ['[^x]', '\n', true],
    ['^a$', 'a', true],
    ['a\\.b', 'a.b', true],
    ['a\\.b', 'axb', false],
    ['', '', true],
    ['ü+', 'üü', true],
  ])('%j matches the whole of %j: %s', (pattern, text, expected) => {
    const regex = compileRegex(pattern);
    expect(regex.ok && regex.matches(text)).toBe(expected);
  });

  test.each(['(', ')', '[a', 'a{2,1}', '*a', '\\d', '(?:a)', 'a\\', 'a{1001}', 'a{1001,}', '((a{1000}){1000}){1000}'])(
    'refuses %j',
    (pattern) => {
      expect(compileRegex(pattern).ok).toBe(false);
    },
  );

  test('agrees with the expressions of the language on those that mean the same', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '(a|b)', '(ab)');
    const part = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}')).map(([one, count]) => one + count);
    const pattern = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[abc]{0,8}$/), (source, text) => {
        const regex = compileRegex(source);
        expect(regex.ok && regex.matches(text)).toBe(new RegExp(`^(?:${source})$`).test(text));
      }),
      { numRuns: 500 },
    );
  });

  test('is done with a pattern on which others take for ever', () => {
    const regex = compileRegex('(a+)+b');
    expect(regex.ok && regex.matches('a'.repeat(2000))).toBe(false);
  });
});

describe('compilePathPrefixes', () => {
  test.each([
    [['/etc'], '/etc', true],
    [['/etc'], '/etc/passwd', true],
    [['/etc'], '/etcetera', false],
    [['/etc/ssh'], '/etc', false],
    [['/home/*/.ssh'], '/home/x/.ssh/id', true],
    [['/home/*/.ssh'], '/home/x/y/.ssh', false],
    [['/a', '/a/b'], '/a/c', true],
    [['etc/'], '/etc/x', true],
    [['/a/x', '/*/y'], '/a/y', true],
    [[], '/', false],
  ])('of %j finds %s: %s', (paths, path, expected) => {
    expect(compilePathPrefixes(paths)(path)).toBe(expected);
  });

  test('does not depend on the order of the paths', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', '*', 'a?'), { minLength: 1, maxLength: 3 })
      .map((parts) => `/${parts.join('/')}`);
    const text = fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.array(path, { maxLength: 4 }), text, (paths, candidate) => {
        expect(compilePathPrefixes(paths)(candidate)).toBe(compilePathPrefixes([...paths].reverse())(candidate));
      }),
    );
  });
});
