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
    fc.assert(
      fc.property(value, (json) => {
        expect(parseJson(printJson(json))).toEqual(json);
      }),
    );
  });

  test('refuses what is no JSON', () => {
    expect(() => parseJson('{"a":1795405716539615477')).toThrow(SyntaxError);
  });
});
