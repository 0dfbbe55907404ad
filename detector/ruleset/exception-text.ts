import { quoteAlways } from '../filter/quoting.ts';
import { normalComparison, takesList } from './check-exception.ts';
import { LoadProblem } from './diagnostics.ts';
import type { Entry, ExceptionItem } from './items.ts';
import { joinTexts, textAt, type MappedText } from './mapped-text.ts';
import type { Located } from './source-file.ts';

/** The condition of a rule with its exceptions: `(condition) and not (…)`. Throws LoadProblem. */
export function withExceptions(condition: MappedText, exceptions: readonly ExceptionItem[], at: Located): MappedText {
  if (exceptions.length === 0) return condition;
  const clauses = exceptions.flatMap((exception) => {
    const clause = exceptionText(exception);
    return clause === undefined ? [] : [textAt(' and not ', exception.at), clause];
  });
  return joinTexts([textAt('(', at), condition, textAt(')', at), ...clauses]);
}

/** Undefined for an exception without values. */
function exceptionText(exception: ExceptionItem): MappedText | undefined {
  const { fields, comparisons, values } = exception;
  if (values.length === 0 || fields === undefined || comparisons === undefined) return undefined;
  if (fields.kind === 'list') return tuplesText(exception, fields.entries, listOf(comparisons));
  return singleText(exception, fields.text, scalarOf(exception, comparisons));
}

/** `(field in (a, b))` */
function singleText(exception: ExceptionItem, field: MappedText, comparison: MappedText): MappedText {
  const { at } = exception;
  const values = exception.values.map((value) => quoted(scalarOf(exception, value)));
  return joinTexts([
    textAt('(', at),
    field,
    textAt(` ${normalComparison(comparison.text)} (`, at),
    ...separated(values, ', ', at),
    textAt('))', at),
  ]);
}

/** `((field1 op1 a and field2 op2 b) or (…))` */
function tuplesText(exception: ExceptionItem, fields: readonly Entry[], comparisons: readonly Entry[]): MappedText {
  const { at } = exception;
  const tuples = exception.values.map((value) => {
    const members = listOf(value);
    if (members.length !== fields.length) {
      throw new LoadProblem('LOAD_ERR_VALIDATE', 'Fields and values lists must have equal length', at);
    }
    const checks = members.map((member, index) =>
      checkText(exception, fieldAt(exception, fields, index), comparisonAt(exception, comparisons, index), member),
    );
    return joinTexts([textAt('(', at), ...separated(checks, ' and ', at), textAt(')', at)]);
  });
  return joinTexts([textAt('(', at), ...separated(tuples, ' or ', at), textAt(')', at)]);
}

function checkText(exception: ExceptionItem, field: MappedText, comparison: string, value: Entry): MappedText {
  const { at } = exception;
  return joinTexts([field, textAt(` ${comparison} `, at), valueText(exception, comparison, value)]);
}

function valueText(exception: ExceptionItem, comparison: string, value: Entry): MappedText {
  const { at } = exception;
  if (value.kind === 'list') {
    const items = value.entries.map((entry) => quoted(scalarOf(exception, entry)));
    return joinTexts([textAt('(', at), ...separated(items, ', ', at), textAt(')', at)]);
  }
  if (!takesList(comparison)) return quoted(value.text);
  if (value.text.text.startsWith('(')) return value.text;
  return joinTexts([textAt('(', at), value.text, textAt(')', at)]);
}

function fieldAt(exception: ExceptionItem, fields: readonly Entry[], index: number): MappedText {
  const field = fields[index];
  if (field?.kind === 'scalar') return field.text;
  throw new LoadProblem('LOAD_ERR_VALIDATE', 'Fields must be strings', exception.at);
}

function comparisonAt(exception: ExceptionItem, comparisons: readonly Entry[], index: number): string {
  const comparison = comparisons[index];
  if (comparison?.kind === 'scalar') return normalComparison(comparison.text.text);
  throw new LoadProblem('LOAD_ERR_VALIDATE', 'Comps must be strings', exception.at);
}

function scalarOf(exception: ExceptionItem, entry: Entry): MappedText {
  if (entry.kind === 'scalar') return entry.text;
  throw new LoadProblem('LOAD_ERR_VALIDATE', 'Expected values array to contain a list of strings', exception.at);
}

function listOf(entry: Entry): readonly Entry[] {
  return entry.kind === 'list' ? entry.entries : [entry];
}

/** Values with blanks are quoted, unless the person did so; others may be fields in transformers, or names of lists. */
function quoted(value: MappedText): MappedText {
  const { text } = value;
  if (!text.includes(' ') || /^["']/.test(text)) return value;
  const at = value.pieces[0]?.locate(0);
  return at === undefined ? value : textAt(quoteAlways(text), at);
}

function separated(texts: readonly MappedText[], separator: string, at: Located): readonly MappedText[] {
  return texts.flatMap((text, index) => (index === 0 ? [text] : [textAt(separator, at), text]));
}
