import { baseExtractor, type Surroundings } from '../event/base-fields.ts';
import type { FieldReference, FieldTable } from '../event/field-table.ts';
import type { DetectorEvent, Extractor } from '../event/types.ts';
import type { Expression } from './ast.ts';
import { createProgram, type Predicate } from './compile.ts';

/** Asks conditions about events, one event after the other: some fields are about those before. */
export interface FilterRunner {
  compile(expression: Expression): Predicate;
  /** How a field is read, for use within `run`. */
  reader(field: FieldReference): Extractor;
  /** Asks about an event, between the events before and after it. */
  run<T>(event: DetectorEvent, ask: () => T): T;
}

/** A runner for conditions over the fields of a table; by default events are asked for what they themselves know. */
export function createFilterRunner(
  table: FieldTable,
  readField: (field: FieldReference) => Extractor = askEvent,
): FilterRunner {
  const surroundings: Surroundings = { hostname: '', firstTimeNs: undefined, previous: undefined };
  const program = createProgram({
    table,
    readField: (field) => baseExtractor(field, surroundings) ?? readField(field),
  });
  return {
    compile: (expression) => program.compile(expression),
    reader: (field) => program.reader(field),
    run: (event, ask) => {
      program.nextEvent();
      surroundings.firstTimeNs ??= event.timeNs;
      const answer = ask();
      surroundings.previous = event;
      return answer;
    },
  };
}

function askEvent({ info, argument }: FieldReference): Extractor {
  const { name } = info;
  return (event) => event.field(name, argument);
}
