import { baseExtractor, type Surroundings } from '../event/base-fields.ts';
import { createFieldTable, type FieldTable } from '../event/field-table.ts';
import type { DetectorEvent, FieldValue } from '../event/types.ts';
import { checkExpression } from './check.ts';
import { createProgram } from './compile.ts';
import { parseCondition } from './parser.ts';

export type FilterResult =
  | { readonly ok: true; readonly matches: (event: DetectorEvent) => boolean }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const ALL_FIELDS = createFieldTable();

/** Compiles one condition without macros, as `detector filter` takes it. Never throws; says what is wrong and where. */
export function compileFilter(condition: string, table: FieldTable = ALL_FIELDS): FilterResult {
  const parsed = parseCondition(condition);
  if (!parsed.ok) return parsed;
  const [problem] = checkExpression(parsed.expression, table).problems;
  if (problem !== undefined) return { ok: false, message: problem.message, offset: problem.span.start };
  const surroundings: Surroundings = { hostname: '', firstTimeNs: undefined, previousTimeNs: undefined };
  const program = createProgram({ table, readField: (field) => baseExtractor(field, surroundings) ?? asking(field) });
  const predicate = program.compile(parsed.expression);
  return {
    ok: true,
    matches: (event) => {
      program.nextEvent();
      surroundings.firstTimeNs ??= event.timeNs;
      const isMatch = predicate(event);
      surroundings.previousTimeNs = event.timeNs;
      return isMatch;
    },
  };
}

function asking(field: { readonly info: { readonly name: string }; readonly argument?: string }) {
  return (event: DetectorEvent): FieldValue | undefined => event.field(field.info.name, field.argument);
}
