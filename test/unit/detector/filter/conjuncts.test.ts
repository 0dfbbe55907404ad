import { conjunctsOf } from '../../../../detector/filter/conjuncts.ts';
import { parseCondition, printExpression, type Expression } from '../../../../detector/filter/index.ts';

describe('the conjuncts of a condition', () => {
  test.each([
    ['proc.name = a', ['proc.name = a']],
    ['proc.name = a and (fd.num = 1 and fd.num = 2)', ['proc.name = a', 'fd.num = 1', 'fd.num = 2']],
    ['proc.name = a or fd.num = 1', ['(proc.name = a or fd.num = 1)']],
    ['not (proc.name = a or fd.num = 1)', ['not proc.name = a', 'not fd.num = 1']],
    ['not (proc.name = a and fd.num = 1)', ['not (proc.name = a and fd.num = 1)']],
    ['not (not (proc.name = a and fd.num = 1))', ['proc.name = a', 'fd.num = 1']],
    ['not (proc.name = a or not (fd.num = 1 and fd.num = 2))', ['not proc.name = a', 'fd.num = 1', 'fd.num = 2']],
  ])('%s are %j', (condition, expected) => {
    expect(conjunctsOf(parsed(condition)).map(printExpression)).toEqual(expected);
  });

  test('are found within macros, also negated ones', () => {
    const macro = (body: string): Expression => ({ kind: 'macro', name: 'm', body: parsed(body), start: 0, end: 0 });
    const both = macro('proc.name = a and fd.num = 1');
    expect(conjunctsOf(both).map(printExpression)).toEqual(['proc.name = a', 'fd.num = 1']);
    const either: Expression = { kind: 'not', operand: macro('proc.name = a or fd.num = 1'), start: 0, end: 0 };
    expect(conjunctsOf(either).map(printExpression)).toEqual(['not proc.name = a', 'not fd.num = 1']);
  });
});

function parsed(text: string): Expression {
  const result = parseCondition(text);
  if (!result.ok) throw new Error(result.message);
  return result.expression;
}
