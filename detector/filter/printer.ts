import {
  LIST_OPERATORS,
  MODIFIERS,
  type Expression,
  type Operand,
  type RightSide,
  type TransformerInput,
} from './ast.ts';
import { quote, quoteAlways } from './quoting.ts';

/** The condition as text that parses back to the same tree. Macros whose body is known are printed as the body. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${expression.operands.map(printExpression).join(` ${expression.kind} `)})`;
    case 'not':
      return `not ${printExpression(expression.operand)}`;
    case 'macro':
      return expression.body === undefined ? expression.name : printExpression(expression.body);
    case 'exists':
      return `${printOperand(expression.left)} exists`;
    case 'compare': {
      const modifier = expression.modifier === undefined ? '' : ` ${expression.modifier}`;
      const isText = modifier === '' && !isOneOf(LIST_OPERATORS, expression.operator);
      const right = isText ? printText(expression.right) : printRight(expression.right);
      return `${printOperand(expression.left)} ${expression.operator}${modifier} ${right}`;
    }
  }
}

/** A field or transformer as it is written in conditions, without blanks that say nothing. */
export function printOperand(operand: Operand): string {
  const argument = operand.argument === undefined ? '' : `[${printArgument(operand.argument)}]`;
  if (operand.kind === 'field') return operand.name + argument;
  return `${operand.transformer}(${operand.inputs.map(printInput).join(', ')})${argument}`;
}

/** A bare word like oneof could be read as a modifier of what follows it. */
function printText(right: RightSide): string {
  return right.kind === 'value' && isOneOf(MODIFIERS, right.text) ? quoteAlways(right.text) : printRight(right);
}

function printRight(right: RightSide): string {
  if (right.kind === 'list') return `(${right.values.map((value) => quote(value.text)).join(', ')})`;
  return right.kind === 'value' ? quote(right.text) : printOperand(right);
}

function printInput(input: TransformerInput): string {
  if (input.kind === 'inputs') return `(${input.items.map(printInput).join(', ')})`;
  if (input.kind === 'value') return /^[+-]?\d+$/.test(input.text) ? input.text : quoteAlways(input.text);
  return printOperand(input);
}

function printArgument(argument: string): string {
  return /^[^\s\b[\]"']+$/.test(argument) ? argument : quoteAlways(argument);
}

function isOneOf(words: readonly string[], word: string): boolean {
  return words.includes(word);
}
