import { EVENT_TYPES } from '../event/event-types.ts';
import type { FieldReference, FieldTable } from '../event/field-table.ts';
import { familyOf } from '../event/field-types.ts';
import {
  valuesOf,
  type Comparison,
  type Expression,
  type MacroCall,
  type Operand,
  type Span,
  type Value,
} from './ast.ts';
import { parseConstant, parseHexBytes, type ConstantResult } from './constants.ts';
import { operatorProblem } from './operators.ts';
import { compileRegex } from './regex.ts';
import { typeOperand, TypeProblem, type TypedInput, type TypedOperand } from './typed-operand.ts';
import { constantWarning, regexWarning, type WarningCode } from './warnings.ts';

/** Something about a part of a condition. */
export interface Finding {
  readonly message: string;
  readonly span: Span;
  /** The macros through which the part is reached, outermost first; the span is into the text of the last. */
  readonly macros: readonly MacroCall[];
  /** The condition names a field or an event that does not exist. */
  readonly isUnknownName: boolean;
}

export interface Warning extends Finding {
  readonly code: WarningCode;
}

export interface Checked {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Warning[];
  /** Every field that the condition looks at. */
  readonly fields: readonly FieldReference[];
}

/** Checks fields, types, operators and constants of a condition whose macros are resolved; finds all problems. */
export function checkExpression(expression: Expression, table: FieldTable): Checked {
  const check: Check = { table, problems: [], warnings: [], fields: [], macros: [] };
  visit(check, expression);
  return check;
}

interface Check {
  readonly table: FieldTable;
  readonly problems: Finding[];
  readonly warnings: Warning[];
  readonly fields: FieldReference[];
  readonly macros: MacroCall[];
}

function visit(check: Check, expression: Expression): void {
  switch (expression.kind) {
    case 'and':
    case 'or':
      for (const operand of expression.operands) visit(check, operand);
      return;
    case 'not':
      visit(check, expression.operand);
      return;
    case 'macro':
      visitMacro(check, expression);
      return;
    case 'exists':
      attempt(check, () => operandOf(check, expression.left));
      return;
    case 'compare':
      attempt(check, () => {
        checkComparison(check, expression);
      });
  }
}

function visitMacro(check: Check, macro: MacroCall): void {
  if (macro.body === undefined) {
    report(check, `Undefined macro '${macro.name}' used in filter.`, macro);
    return;
  }
  check.macros.push(macro);
  visit(check, macro.body);
  check.macros.pop();
}

/** One comparison gives at most one type problem; the checks of others go on. */
function attempt(check: Check, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof TypeProblem)) throw error;
    report(check, error.message, error.span, error.isUnknownName);
  }
}

function report(check: Check, message: string, span: Span, isUnknownName = false): void {
  check.problems.push({ message, span, macros: [...check.macros], isUnknownName });
}

function operandOf(check: Check, operand: Operand): TypedOperand {
  const typed = typeOperand(operand, check.table);
  noteFields(check, typed);
  return typed;
}

function noteFields(check: Check, input: TypedInput): void {
  if (input.kind === 'field') check.fields.push(input.field);
  if (input.kind === 'transform') for (const inner of input.inputs) noteFields(check, inner);
  if (input.kind === 'inputs') for (const item of input.items) noteFields(check, item);
}

function checkComparison(check: Check, comparison: Comparison): void {
  const left = operandOf(check, comparison.left);
  const problem = operatorProblem(comparison.operator, left.type, {
    isList: left.isList,
    modifier: comparison.modifier,
  });
  if (problem !== undefined) throw new TypeProblem(problem, comparison);
  const { right } = comparison;
  if (right.kind === 'field' || right.kind === 'transformed') checkRightOperand(check, comparison, left, right);
  else for (const value of valuesOf(right)) checkConstant(check, comparison, left, value);
}

function checkRightOperand(check: Check, comparison: Comparison, left: TypedOperand, right: Operand): void {
  if (comparison.operator === 'pmatch' || comparison.operator === 'regex') {
    throw new TypeProblem(`'${comparison.operator}' operator does not support right-hand side fields`, comparison);
  }
  const special = left.kind === 'field' ? left.field.info.special : undefined;
  if (special !== undefined || left.type === 'IPNET') {
    throw new TypeProblem(`field '${nameOf(left)}' doesn't support right-hand side fields`, comparison);
  }
  const typed = operandOf(check, right);
  if (isCompatible(left, typed)) return;
  throw new TypeProblem(
    `field '${nameOf(left)}' has type '${left.type}' while the right-hand side field '${nameOf(typed)}' has incompatible type '${typed.type}'`,
    comparison,
  );
}

function isCompatible(left: TypedOperand, right: TypedOperand): boolean {
  if (left.type === right.type) return true;
  return familyOf(left.type).family === 'string' && familyOf(right.type).family === 'string';
}

function nameOf(operand: TypedOperand): string {
  return operand.kind === 'field' ? operand.field.info.name : operand.transformer;
}

/** Reads a constant as its operator and the type on its left have it. */
export function constantOf(comparison: Comparison, left: TypedOperand, value: Value): ConstantResult {
  const isBytes = comparison.operator === 'bcontains' || comparison.operator === 'bstartswith';
  return isBytes ? parseHexBytes(value.text) : parseConstant(value.text, left.type);
}

function checkConstant(check: Check, comparison: Comparison, left: TypedOperand, value: Value): void {
  const result = constantOf(comparison, left, value);
  if (!result.ok) throw new TypeProblem(result.message, value);
  if (isEventType(left) && !EVENT_TYPES.has(value.text)) {
    throw new TypeProblem(`unknown event type ${value.text}`, value, { isUnknownName: true });
  }
  const regex = comparison.operator === 'regex' ? compileRegex(value.text) : undefined;
  if (regex?.ok === false) throw new TypeProblem(`invalid regular expression '${value.text}': ${regex.message}`, value);
  warn(check, value, constantWarning(value.text, left.type, check.table));
  if (regex !== undefined) warn(check, value, regexWarning(value.text));
}

/** Constants are compared with names of events even behind transformers, where Falco asks for names all the same. */
function isEventType(operand: TypedInput | undefined): boolean {
  if (operand?.kind === 'field') return operand.field.info.name === 'evt.type';
  return operand?.kind === 'transform' && operand.inputs.length === 1 && isEventType(operand.inputs[0]);
}

function warn(check: Check, span: Span, message: string | undefined): void {
  if (message === undefined) return;
  check.warnings.push({
    code: 'LOAD_COMPILE_CONDITION',
    message,
    span,
    macros: [...check.macros],
    isUnknownName: false,
  });
}
