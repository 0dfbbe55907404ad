import type { FieldTable } from '../event/field-table.ts';
import { familyOf, type FieldType } from '../event/field-types.ts';
import { TRANSFORMERS, valuesOf, type Comparison, type Expression, type MacroCall, type Operand } from './ast.ts';
import type { Warning } from './check.ts';

/** Codes of what is suspicious in a condition without being wrong. */
export type WarningCode = 'LOAD_COMPILE_CONDITION' | 'LOAD_UNSAFE_NA_CHECK' | 'LOAD_DEPRECATED_ITEM';

/** A text constant that looks as if a field had been meant. */
export function constantWarning(text: string, type: FieldType, table: FieldTable): string | undefined {
  const { family } = familyOf(type);
  if (family !== 'string' && family !== 'buffer') return undefined;
  const trimmed = text.trim();
  const field = /^([a-zA-Z][\w.]*)(?:\[([^\]]+)\])?$/.exec(trimmed);
  if (field !== null && table.resolve(field[1] ?? '', field[2]).ok) {
    return `'${text}' may be a valid field misused as a const string value`;
  }
  if (LOOKS_TRANSFORMED.test(trimmed)) {
    return `'${text}' may be a valid field transformer misused as a const string value`;
  }
  return undefined;
}

const LOOKS_TRANSFORMED = new RegExp(`^(?:val|${TRANSFORMERS.join('|')})\\(`);

/** A regular expression that says no more than a simpler and faster operator would. */
export function regexWarning(pattern: string): string | undefined {
  const match = /^\^?(\.[*+?])?[^\\^$.*+?()[\]{}|]*(\.[*+?])?\$?$/.exec(pattern);
  if (match === null) return undefined;
  const [, before, after] = match;
  const simpler =
    before === undefined ? (after === undefined ? '=' : 'startswith') : after === undefined ? 'endswith' : 'contains';
  return `regular expression '${pattern}' can be replaced by the faster operator '${simpler}' or 'glob'`;
}

/** Finds comparisons that Falco's loader warns of whatever the fields are: with `<NA>`, and of fields that are gone. */
export function habitWarnings(expression: Expression, macros: readonly MacroCall[] = []): readonly Warning[] {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return expression.operands.flatMap((operand) => habitWarnings(operand, macros));
    case 'not':
      return habitWarnings(expression.operand, macros);
    case 'macro':
      return expression.body === undefined ? [] : habitWarnings(expression.body, [...macros, expression]);
    case 'exists':
      return deprecatedFields(expression.left).map((name) => deprecation(name, expression, macros));
    case 'compare':
      return [
        ...deprecatedFields(expression.left).map((name) => deprecation(name, expression, macros)),
        ...(comparesWithNa(expression) ? [naWarning(expression, macros)] : []),
      ];
  }
}

/** Fields that no event fills any more. */
export const DEPRECATED_FIELDS: ReadonlyMap<string, string> = new Map([
  ['evt.dir', "all events are returns of calls: 'evt.dir = <' is always true, 'evt.dir = >' never; leave it out"],
  ['evt.latency', 'it is no longer measured'],
  ['evt.latency.s', 'it is no longer measured'],
  ['evt.latency.ns', 'it is no longer measured'],
  ['evt.latency.human', 'it is no longer measured'],
  ['evt.wait_latency', 'it is no longer measured'],
]);

function deprecatedFields(operand: Operand): readonly string[] {
  return operand.kind === 'field' && DEPRECATED_FIELDS.has(operand.name) ? [operand.name] : [];
}

function deprecation(name: string, span: Expression, macros: readonly MacroCall[]): Warning {
  const why = DEPRECATED_FIELDS.get(name) ?? '';
  const message = `usage of deprecated field '${name}' has been detected in the rule condition: ${why}`;
  return { code: 'LOAD_DEPRECATED_ITEM', message, span, macros, isUnknownName: false };
}

function comparesWithNa({ left, right }: Comparison): boolean {
  if (left.kind !== 'field' || !/^(?:ka|jevt)\./.test(left.name)) return false;
  return valuesOf(right).some((value) => value.text === '<NA>');
}

function naWarning(span: Comparison, macros: readonly MacroCall[]): Warning {
  const message =
    "comparing a field value with <NA> is unsafe, as <NA> is only how a missing value is printed: use 'exists'";
  return { code: 'LOAD_UNSAFE_NA_CHECK', message, span, macros, isUnknownName: false };
}
