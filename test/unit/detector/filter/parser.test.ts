import fc from 'fast-check';
import { parseCondition } from '../../../../detector/filter/parser.ts';
import { conditionTree } from './arbitrary-condition.ts';
import { printExpression } from '../../../../detector/filter/printer.ts';

describe('parseCondition', () => {
  test.each([
    ['proc.name', 9, 'expected a valid check operator'],
    ['', 0, 'the condition is empty'],
    ['a b', 2, "unexpected token after 'a', expecting 'or', 'and'"],
    ['a andb', 5, "expected blank or '(' after 'and'"],
    ['(a', 2, "expected a ')' token"],
    ['evt.arg[] = 1', 8, 'expected a valid field argument'],
    ['proc.pid > x', 11, 'expected a number value'],
    ['proc.name in (a,)', 16, 'expected a string value'],
    ["proc.name = 'a\\qb'", 12, 'unsupported string escape sequence: \\q'],
    ['val(proc.name) = a', 3, "unexpected token after 'val'"],
  ])('refuses %j at character %i, saying what is wrong', (text, offset, message) => {
    const result = parseCondition(text);
    expect(result).toMatchObject({ ok: false, offset });
    expect(result.ok ? '' : result.message).toContain(message);
  });

  test('binds not closer than and, and and closer than or', () => {
    expect(printed('a or b and not c')).toBe('(a or (b and not c))');
  });

  test('takes a modifier only where a list follows', () => {
    expect(printed('proc.name = oneof (a)')).toBe('proc.name = oneof (a)');
    expect(printed('proc.name = oneof and b')).toBe('(proc.name = "oneof" and b)');
  });

  test('says where each part stands', () => {
    const result = parseCondition('a and fd.name = /etc/x');
    expect(result).toMatchObject({
      expression: {
        start: 0,
        end: 22,
        operands: [
          { start: 0, end: 1 },
          { start: 6, end: 22, right: { start: 16, end: 22 } },
        ],
      },
    });
  });

  test('refuses nesting that would exhaust the stack', () => {
    const result = parseCondition('('.repeat(100_000));
    expect(result.ok ? '' : result.message).toContain('max depth');
  });

  test('answers any text without throwing', () => {
    const characters = fc.constantFrom(
      'a',
      '.',
      ' ',
      '(',
      ')',
      '"',
      "'",
      '=',
      '\\',
      '[',
      ']',
      'not ',
      'and ',
      'in ',
      ',',
      '1',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: characters })), (text) => {
        expect(typeof parseCondition(text).ok).toBe('boolean');
      }),
      { numRuns: 1000 },
    );
  });

  test('points inside the text at whatever is cut off', () => {
    fc.assert(
      fc.property(conditionTree(), fc.nat(), (tree, cut) => {
        const whole = printExpression(tree);
        const text = whole.slice(0, cut % (whole.length + 1));
        const result = parseCondition(text);
        expect(result.ok || (result.offset >= 0 && result.offset <= text.length)).toBe(true);
      }),
    );
  });
});

function printed(text: string): string {
  const result = parseCondition(text);
  return result.ok ? printExpression(result.expression) : result.message;
}
