import fc from 'fast-check';
import type { Expression } from '../../../../detector/filter/ast.ts';
import { parseCondition } from '../../../../detector/filter/parser.ts';
import { printExpression } from '../../../../detector/filter/printer.ts';
import { conditionTree } from './arbitrary-condition.ts';

describe('printExpression', () => {
  test.each([
    ['a and b or not c', '((a and b) or not c)'],
    ['not not a', 'a'],
    ['not(not(a or b))', 'not not (a or b)'],
    ['fd.name=/etc/passwd', 'fd.name = /etc/passwd'],
    ["proc.name in (a, 'b c', \"d,e\", '')", 'proc.name in (a, "b c", "d,e", "")'],
    ['proc.aname[2] exists', 'proc.aname[2] exists'],
    ["proc.env['A B'] = 1", 'proc.env["A B"] = 1'],
    ['proc.name = "oneof"', 'proc.name = "oneof"'],
    ['proc.name == oneof and x', '(proc.name == "oneof" and x)'],
    ['proc.name startswith   anyof  (a,b)', 'proc.name startswith anyof (a, b)'],
    ['fd.name = val(proc.exe)', 'fd.name = val(proc.exe)'],
    ['join("-", (fd.name, "x", 3))[a] = y', 'join("-", (fd.name, "x", 3))[a] = y'],
  ])('prints %s as %s', (text, printed) => {
    expect(printExpression(parsed(text))).toBe(printed);
  });

  test('prints any tree as text that parses to the same tree', () => {
    fc.assert(
      fc.property(conditionTree(), (tree) => {
        expect(withoutSpans(parsed(printExpression(tree)))).toEqual(withoutSpans(tree));
      }),
      { numRuns: 500 },
    );
  });
});

function parsed(text: string): Expression {
  const result = parseCondition(text);
  if (!result.ok) throw new Error(`${text}: ${result.message} at ${String(result.offset)}`);
  return result.expression;
}

/** The tree without where its parts stood. */
function withoutSpans(tree: Expression): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === 'start' || key === 'end' ? undefined : value)),
  );
}
