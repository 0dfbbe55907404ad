import { nearest, usageError } from '../../core/index.ts';
import { createFieldTable } from '../event/field-table.ts';
import { familyOf } from '../event/field-types.ts';
import { FIELDS } from '../event/fields.ts';
import type { FieldMap } from '../event/map-event.ts';
import { toScalar } from '../filter/constants.ts';

/** Reads `FIELD=VALUE` words, as `--set` has them, as values of the fields' types. Fails with KubedrillError. */
export function parseSetValues(words: readonly string[]): FieldMap {
  return Object.fromEntries(words.map(parseSetValue));
}

const TABLE = createFieldTable();

function parseSetValue(word: string): readonly [string, string | number | bigint | boolean] {
  const equals = word.indexOf('=');
  const written = equals < 0 ? word : word.slice(0, equals);
  const text = word.slice(equals + 1);
  const [, name = written, argument] = /^([^[]+)\[(.+)\]$/.exec(written) ?? [];
  const lookup = TABLE.resolve(name, argument);
  if (equals < 0 || !lookup.ok) throw badValue(word, lookup.ok ? 'it has no =' : lookup.message, name);
  const { family } = familyOf(lookup.field.type);
  if (family === 'bool') return [written, text === 'true'];
  const isNumber = (family === 'signed' || family === 'unsigned') && /^-?\d+$/.test(text);
  return [written, isNumber ? toScalar(BigInt(text)) : text];
}

function badValue(word: string, why: string, name: string): Error {
  const [suggestion] = nearest(
    name,
    FIELDS.map((field) => field.name),
  );
  const hint = suggestion === undefined ? 'write FIELD=VALUE' : `write FIELD=VALUE; did you mean ${suggestion}?`;
  return usageError({ what: `cannot set ${word}`, why, hint });
}
