import { createFieldTable, type FieldTable } from '../event/field-table.ts';
import type { DetectorEvent } from '../event/types.ts';
import type { Expression } from './ast.ts';
import { checkExpression } from './check.ts';
import type { Predicate } from './compile.ts';
import { parseCondition } from './parser.ts';
import { createFilterRunner } from './runner.ts';

export type FilterResult = { readonly ok: true; readonly matches: (event: DetectorEvent) => boolean } | FilterFailure;

export interface FilterFailure {
  readonly ok: false;
  readonly message: string;
  readonly offset: number;
}

const ALL_FIELDS = createFieldTable();

/** Compiles one condition without macros, as `detector filter` takes it. Never throws; says what is wrong and where. */
export function compileFilter(condition: string, table: FieldTable = ALL_FIELDS): FilterResult {
  const checked = checkFilter(condition, table);
  if (!checked.ok) return checked;
  const runner = createFilterRunner(table);
  const predicate = runner.compile(checked.expression);
  return { ok: true, matches: (event) => runner.run(event, () => predicate(event)) };
}

/** Many conditions that are asked about the same events; they share the reading of fields. */
export interface FilterSet {
  /** Why conditions do not compile, by their index. */
  readonly errors: ReadonlyMap<number, string>;
  /** The indexes of the conditions that the event fulfils. */
  matching(event: DetectorEvent): readonly number[];
}

/** Compiles conditions together. Never throws. */
export function createFilterSet(conditions: readonly string[], table: FieldTable = ALL_FIELDS): FilterSet {
  const runner = createFilterRunner(table);
  const errors = new Map<number, string>();
  const predicates: (readonly [index: number, predicate: Predicate])[] = [];
  for (const [index, condition] of conditions.entries()) {
    const checked = checkFilter(condition, table);
    if (checked.ok) predicates.push([index, runner.compile(checked.expression)]);
    else errors.set(index, checked.message);
  }
  return {
    errors,
    matching: (event) =>
      runner.run(event, () => predicates.filter(([, matches]) => matches(event)).map(([index]) => index)),
  };
}

type CheckedFilter = { readonly ok: true; readonly expression: Expression } | FilterFailure;

function checkFilter(condition: string, table: FieldTable): CheckedFilter {
  const parsed = parseCondition(condition);
  if (!parsed.ok) return parsed;
  const [problem] = checkExpression(parsed.expression, table).problems;
  return problem === undefined ? parsed : { ok: false, message: problem.message, offset: problem.span.start };
}
