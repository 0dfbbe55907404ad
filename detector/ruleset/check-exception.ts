import type { FieldTable } from '../event/field-table.ts';
import { LIST_OPERATORS, MODIFIERS, NUMBER_OPERATORS, STRING_OPERATORS } from '../filter/ast.ts';
import { parseCondition } from '../filter/parser.ts';
import { LoadProblem } from './diagnostics.ts';
import type { Entry, ExceptionItem } from './items.ts';
import { textAt } from './mapped-text.ts';

/**
 * Checks the fields and comparisons of an exception and fills in the comparisons that were left out: `=` for each of
 * several fields, `in` for a single one. Throws LoadProblem. Without a table, fields are not looked up.
 */
export function checkException(exception: ExceptionItem, table: FieldTable | undefined): ExceptionItem {
  const { fields } = exception;
  if (fields === undefined) {
    throw problem(exception, 'Rule exception item must have fields property with a list of fields');
  }
  const comparisons = exception.comparisons ?? defaultComparisons(exception, fields);
  if (fields.kind === 'list') checkList(exception, fields.entries, comparisons);
  else checkScalar(exception, comparisons);
  for (const field of fieldNames(fields)) {
    if (table !== undefined && !isField(field, table)) {
      throw problem(exception, `'${field}' is not a supported filter field`);
    }
  }
  return { ...exception, comparisons };
}

/** An operator as conditions spell it: without blanks around it, and one before its modifier. */
export function normalComparison(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** True for comparisons whose right side is a list. */
export function takesList(comparison: string): boolean {
  const [operator = '', modifier] = comparison.split(' ');
  return modifier !== undefined || isOneOf(LIST_OPERATORS, operator);
}

function defaultComparisons({ at }: ExceptionItem, fields: Entry): Entry {
  if (fields.kind === 'scalar') return { kind: 'scalar', text: textAt('in', at) };
  return { kind: 'list', entries: fields.entries.map((): Entry => ({ kind: 'scalar', text: textAt('=', at) })) };
}

function checkList(exception: ExceptionItem, fields: readonly Entry[], comparisons: Entry): void {
  if (comparisons.kind !== 'list' || comparisons.entries.length !== fields.length) {
    throw problem(exception, 'Fields and comps lists must have equal length');
  }
  for (const entry of comparisons.entries) {
    const comparison = entry.kind === 'scalar' ? normalComparison(entry.text.text) : '';
    if (!isComparison(comparison)) {
      throw problem(exception, `'${comparison}' is not a supported comparison operator`);
    }
  }
}

function checkScalar(exception: ExceptionItem, comparisons: Entry): void {
  if (comparisons.kind !== 'scalar') throw problem(exception, 'Fields and comps must both be strings');
  const comparison = normalComparison(comparisons.text.text);
  if (isComparison(comparison) && takesList(comparison)) return;
  throw problem(
    exception,
    "When fields is a single value, comps must be one of (in, pmatch, intersects, or a string operator with 'oneof', 'anyof' or 'allof')",
  );
}

function isComparison(comparison: string): boolean {
  const [operator = '', modifier, ...rest] = comparison.split(' ');
  if (rest.length > 0) return false;
  if (modifier !== undefined) return isOneOf(STRING_OPERATORS, operator) && isOneOf(MODIFIERS, modifier);
  return isOneOf([...NUMBER_OPERATORS, ...STRING_OPERATORS, ...LIST_OPERATORS, 'exists'], operator);
}

function isOneOf(words: readonly string[], word: string): boolean {
  return words.includes(word);
}

function fieldNames(fields: Entry): readonly string[] {
  return fields.kind === 'scalar' ? [fields.text.text] : fields.entries.flatMap(fieldNames);
}

/** A field, or a transformer of one. */
function isField(text: string, table: FieldTable): boolean {
  const parsed = parseCondition(`${text} exists`);
  if (!parsed.ok || parsed.expression.kind !== 'exists') return false;
  const { left } = parsed.expression;
  return left.kind === 'transformed' || table.resolve(left.name, left.argument).ok;
}

function problem({ at }: ExceptionItem, message: string): LoadProblem {
  return new LoadProblem('LOAD_ERR_VALIDATE', message, at);
}
