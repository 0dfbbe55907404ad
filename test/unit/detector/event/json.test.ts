import fc from 'fast-check';
import { parseJson, printJson } from '../../../../detector/event/json.ts';

describe('JSON of events', () => {
  test('keeps integers that a number cannot hold, and leaves digits in texts alone', () => {
    expect(
      parseJson(
        '{"a":1795405716539615477,"b":"1795405716539615477","c":-12,"e":1234567890123456,"d":0.12345678901234567}',
      ),
    ).toEqual({
      a: 1_795_405_716_539_615_477n,
      b: '1795405716539615477',
      c: -12,
      e: 1_234_567_890_123_456,
      d: 0.123_456_789_012_345_67,
    });
  });

  test('keeps digits behind escaped quotes', () => {
    expect(parseJson('{"a":"x\\":1795405716539615477,"}')).toEqual({ a: 'x":1795405716539615477,' });
  });

  test.each([
    ['a text that is like its key', '{"k":1795405716539615477,"x":"k"}'],
    ['a text that has its key and a value', '{"k":1795405716539615477,"x":"\\"k\\":5,\\"k"}'],
    ['a key that ends like it', '{"k":1795405716539615477,"x\\"k":6}'],
    ['blanks', '{"k" : 1795405716539615477 , "x" : 1}'],
    ['another value of its key before it', '{"k":1795405716539615999,"k":1795405716539615477}'],
    ['an escape in its key', '{"\\u006b":1795405716539615477}'],
    ['punctuation beside it', '{"k":1795405716539615477,"":":",":":9007199254740995}'],
    ['a list beside it', '{"k":1795405716539615477,"x":[1]}'],
  ])('finds the digits of an integer with %s', (_what, text) => {
    expect(parseJson(text)).toMatchObject({ k: 1_795_405_716_539_615_477n });
  });

  test('leaves numbers alone that are no integers', () => {
    const text = '{"a":1.7954057165396154,"b":1e300,"c":-17954057165396154.5,"d":1795405716539615477}';
    expect(parseJson(text)).toEqual({
      a: 1.7954057165396154,
      b: 1e300,
      c: -17954057165396154.5,
      d: 1_795_405_716_539_615_477n,
    });
  });

  test('prints what it reads', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    })).value;
    const flat = fc.dictionary(
      fc.string({ unit: fc.constantFrom('a', '"', '\\', ':', ',', '1') }),
      fc.oneof(
        fc.string({ unit: fc.constantFrom('a', '"', '\\', ':', ',', '1') }),
        fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map((big) => (isSafe(big) ? Number(big) : big)),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(value, flat), (json) => {
        expect(parseJson(printJson(json))).toEqual(json);
      }),
    );
  });

  test('refuses what is no JSON', () => {
    expect(() => parseJson('{"a":1795405716539615477')).toThrow(SyntaxError);
  });
});

function isSafe(value: bigint): boolean {
  return Number.isSafeInteger(Number(value));
}
