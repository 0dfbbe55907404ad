import { createFieldTable, type FieldTable } from '../../../detector/event/field-table.ts';
import { fieldsOf } from '../../../detector/event/field-info.ts';
import { FIELDS } from '../../../detector/event/fields.ts';
import { MapEvent } from '../../../detector/event/map-event.ts';
import { checkExpression } from '../../../detector/filter/check.ts';
import { compileFilter, parseCondition } from '../../../detector/filter/index.ts';
import { compared, type Case, type Suite } from '../suite.ts';

interface ParserVector {
  readonly expr: string;
  readonly accept: boolean;
  readonly error?: string;
}

/** Condition texts that are accepted or refused; accepted ones also with other blanks. */
export const parserSuite: Suite = {
  name: 'condition texts (parser)',
  passes: 529,
  of: 529,
  exempt: {},
  run: (material) =>
    material.json<readonly ParserVector[]>('conformance/libs-0.25.4.parser.json').map((vector): Case => {
      const texts = vector.accept
        ? [vector.expr, reblanked(vector.expr, '\n'), reblanked(vector.expr, '\t')]
        : [vector.expr];
      const results = texts.map(parseCondition);
      const isRight = results.every(({ ok }) => ok === vector.accept);
      const [first] = results;
      const message = first?.ok === false ? first.message : '';
      const isRightError = vector.error === undefined || message.includes(vector.error);
      return isRight && isRightError ? { name: vector.expr } : { name: vector.expr, problem: message };
    }),
};

/** Blanks outside of quotes replaced by another one. */
function reblanked(text: string, blank: string): string {
  return text.replace(/"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|( )/g, (part: string, space?: string) =>
    space === undefined ? part : blank,
  );
}

interface CompileVector {
  readonly expr: string;
  readonly fails: boolean;
  readonly warnings: number;
  readonly error?: string;
}

/** Fields and operators that fit together, and warnings. */
export const compileSuite: Suite = {
  name: 'fields and operators (compile)',
  passes: 329,
  of: 329,
  exempt: {},
  run: (material) =>
    material.json<readonly CompileVector[]>('conformance/libs-0.25.4.compile.json').map((vector) => {
      const parsed = parseCondition(vector.expr);
      if (!parsed.ok) return compared(vector.expr, true, vector.fails);
      const { problems, warnings } = checkExpression(parsed.expression, mockTable);
      const isRightError = vector.error === undefined || problems[0]?.message === vector.error;
      return compared(
        vector.expr,
        { fails: problems.length > 0, warnings: problems.length > 0 ? 0 : warnings.length, isRightError },
        { fails: vector.fails, warnings: vector.warnings, isRightError: true },
      );
    }),
};

/** The fields that the vectors of the compiler invent. */
export const mockTable: FieldTable = createFieldTable([
  ...FIELDS,
  ...fieldsOf(
    ['syscall'],
    [
      ['c.true', 'CHARBUF', 'always there, with the value 1'],
      ['c.false', 'CHARBUF', 'never 1'],
      ['c.singlequote', 'CHARBUF', 'a text with single quotes'],
      ['c.doublequote', 'CHARBUF', 'a text with double quotes'],
      ['c.buffer', 'BYTEBUF', 'bytes'],
      ['sample.is_open', 'UINT64', 'a number of a plugin'],
      ['sample.proc_name', 'CHARBUF', 'a text of a plugin'],
      ['sample.tick', 'CHARBUF', 'a text of a plugin'],
    ],
  ),
]);

interface RunVector {
  readonly expr: string;
  readonly result: boolean;
}

/** Boolean logic and quoting. */
export const booleanSuite: Suite = {
  name: 'boolean logic and quoting (run)',
  passes: 40,
  of: 40,
  exempt: {},
  run: (material) => {
    const event = new MapEvent({
      'evt.type': 'open',
      'c.true': '1',
      'c.false': '0',
      'c.singlequote': "hello 'quoted'",
      'c.doublequote': 'hello "quoted"',
    });
    return material.json<readonly RunVector[]>('conformance/libs-0.25.4.run.json').map(({ expr, result }) => {
      const filter = compileFilter(expr, mockTable);
      return compared(expr, filter.ok && filter.matches(event), result);
    });
  },
};
