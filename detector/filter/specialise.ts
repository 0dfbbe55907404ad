import type { AllOf, AnyOf, Comparison, Expression } from './ast.ts';
import { valuesOf } from './ast.ts';

/**
 * What is left of a condition for events of one type: comparisons of `evt.type` with constants are decided. Sub-trees
 * that say nothing of types are kept as they are, so that they are still the same object in every specialisation.
 */
export function specialise(expression: Expression, type: string): Expression | boolean {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return specialiseChain(expression, type);
    case 'not': {
      const operand = specialise(expression.operand, type);
      if (typeof operand === 'boolean') return !operand;
      return operand === expression.operand ? expression : { ...expression, operand };
    }
    case 'macro': {
      if (expression.body === undefined) return expression;
      const body = specialise(expression.body, type);
      if (typeof body === 'boolean') return body;
      return body === expression.body ? expression : { ...expression, body };
    }
    case 'exists':
      return expression.left.kind === 'field' && expression.left.name === 'evt.type' ? true : expression;
    case 'compare':
      return decide(expression, type) ?? expression;
  }
}

/** An operand that decides the chain ends it; one that does not matter is left out. */
function specialiseChain(chain: AllOf | AnyOf, type: string): Expression | boolean {
  const deciding = chain.kind === 'or';
  const kept: Expression[] = [];
  for (const operand of chain.operands) {
    const result = specialise(operand, type);
    if (result === deciding) return deciding;
    if (typeof result !== 'boolean') kept.push(result);
  }
  const [only] = kept;
  if (only === undefined) return !deciding;
  if (kept.length === 1) return only;
  const isSame =
    kept.length === chain.operands.length && kept.every((operand, index) => operand === chain.operands[index]);
  return isSame ? chain : { ...chain, operands: kept };
}

function decide({ left, operator, modifier, right }: Comparison, type: string): boolean | undefined {
  if (left.kind !== 'field' || left.name !== 'evt.type' || left.argument !== undefined || modifier !== undefined) {
    return undefined;
  }
  if (right.kind === 'field' || right.kind === 'transformed') return undefined;
  const isNamed = valuesOf(right).some(({ text }) => text === type);
  if (operator === '=' || operator === '==' || operator === 'in' || operator === 'intersects') return isNamed;
  return operator === '!=' ? !isNamed : undefined;
}
