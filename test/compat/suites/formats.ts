import { compileFormat, createFormatter } from '../../../detector/alert/format.ts';
import { baseExtractor } from '../../../detector/event/base-fields.ts';
import { createFieldTable } from '../../../detector/event/field-table.ts';
import { printJson } from '../../../detector/event/json.ts';
import { MapEvent, type FieldMap } from '../../../detector/event/map-event.ts';
import type { FieldValue } from '../../../detector/event/types.ts';
import { valueText } from '../../../detector/event/value-text.ts';
import { operandExtractor } from '../../../detector/filter/extract.ts';
import { compared, type Case, type Suite } from '../suite.ts';

interface FormatVector {
  readonly test: string;
  readonly format: string;
  readonly json: boolean;
  readonly output?: string;
  readonly res?: boolean;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Output formats: what they print, as text and as JSON, and which are refused. */
export const formatSuite: Suite = {
  name: 'output formats',
  passes: 68,
  of: 68,
  exempt: {},
  run: (material) =>
    material.json<readonly FormatVector[]>('conformance/libs-0.25.4.format.json').map((vector): Case => {
      const test = vector.test.split(',')[1] ?? '';
      const name = `${test}: ${vector.format}`;
      const compiled = compileFormat(vector.format, TABLE);
      if (/^invalid_/.test(test)) return compared(name, compiled.ok ? 'accepted' : 'refused', 'refused');
      if (!compiled.ok) return { name, problem: compiled.message };
      const formatter = createFormatter(compiled.format, (operand) => operandExtractor(operand, readField));
      const event = new MapEvent(eventOf(test));
      const { text, isComplete } = formatter.text(event);
      const values = withoutTransformed(formatter.values(event), test.includes('excluded'));
      return compared(
        name,
        {
          output: vector.output === undefined ? '' : isJson(vector, test) ? sortedJson(values) : text,
          isComplete: vector.res === undefined ? true : isComplete,
          fields: Object.fromEntries(Object.keys(vector.fields ?? {}).map((key) => [key, fieldText(values[key])])),
        },
        { output: vector.output ?? '', isComplete: vector.res ?? true, fields: vector.fields ?? {} },
      );
    }),
};

const TABLE = createFieldTable();
const SURROUNDINGS = { hostname: '', firstTimeNs: undefined, previous: undefined };

const readField: Parameters<typeof operandExtractor>[1] = (field) =>
  baseExtractor(field, SURROUNDINGS) ?? ((event) => event.field(field.info.name, field.argument));

/** The vectors print what a first process of a machine does; those of ancestors have a shell between. */
function eventOf(test: string): FieldMap {
  const init = {
    'evt.type': 'mkdir',
    'evt.num': 1,
    'evt.arg[1]': '/test/dir',
    'evt.arg.path': '/test/dir',
    'proc.name': 'init',
    'proc.pid': 1,
    'thread.tid': 1,
  };
  if (!test.startsWith('ancestor_') || /no_ancestors|with_arg/.test(test)) return init;
  return {
    ...init,
    'proc.name': 'child',
    'proc.pid': 2,
    'proc.aname': ['bash', 'init'],
    'proc.aexe': ['bash', '/sbin/init'],
    'proc.aexepath': ['/usr/bin/bash', '/sbin/init'],
    'proc.acmdline': ['bash', 'init context ls --format {{json .}}'],
    'proc.apid': [1],
  };
}

function withoutTransformed(values: Readonly<Record<string, FieldValue | null>>, isExcluded: boolean) {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !isExcluded || !key.includes('(')));
}

/** One vector says it is not JSON and expects JSON. */
function isJson({ json }: FormatVector, test: string): boolean {
  return json || test.endsWith('_json');
}

function sortedJson(values: Readonly<Record<string, FieldValue | null>>): string {
  const entries = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? 'null' : printJson(Object.fromEntries(entries));
}

function fieldText(value: FieldValue | null | undefined): string | undefined {
  return value === null ? '<NA>' : value === undefined ? undefined : valueText(value);
}
