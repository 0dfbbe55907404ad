import type { Expression } from './ast.ts';

/**
 * The conditions that all have to be fulfilled for the whole to be: macros are opened, and a negated `or` is as many
 * negations. Their order is that of the text.
 */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'and':
      return expression.operands.flatMap(conjunctsOf);
    case 'macro':
      return expression.body === undefined ? [expression] : conjunctsOf(expression.body);
    case 'not':
      return conjunctsOfNegation(expression.operand) ?? [expression];
    case 'or':
    case 'exists':
    case 'compare':
      return [expression];
  }
}

/** The same for the negation of a condition; undefined where that does not come apart. */
function conjunctsOfNegation(negated: Expression): readonly Expression[] | undefined {
  switch (negated.kind) {
    case 'or':
      return negated.operands.flatMap((operand) =>
        conjunctsOf({ kind: 'not', operand, start: operand.start, end: operand.end }),
      );
    case 'macro':
      return negated.body === undefined ? undefined : conjunctsOfNegation(negated.body);
    case 'not':
      return conjunctsOf(negated.operand);
    case 'and':
    case 'exists':
    case 'compare':
      return undefined;
  }
}
