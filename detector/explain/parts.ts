import type { Expression } from '../filter/ast.ts';
import { printExpression } from '../filter/printer.ts';

/**
 * The checks and macros of a condition, as texts that say what has to be true for the condition to be true: behind
 * `not` where that is the opposite. Each once, in the order of the condition.
 */
export function partTexts(condition: Expression): readonly string[] {
  return [...new Set(textsOf(condition, true))];
}

/** How a check or macro is named where what it has to be is known. */
export function partText(name: string, wanted: boolean): string {
  return wanted ? name : `not ${name}`;
}

function textsOf(expression: Expression, wanted: boolean): readonly string[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap((operand) => textsOf(operand, wanted));
    case 'not':
      return textsOf(expression.operand, !wanted);
    case 'macro': {
      const inner = expression.body === undefined ? [] : textsOf(expression.body, wanted);
      return [partText(expression.name, wanted), ...inner];
    }
    case 'exists':
    case 'compare':
      return [partText(printExpression(expression), wanted)];
  }
}
