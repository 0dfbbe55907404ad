import fc from 'fast-check';
import type { FieldMap } from '../../../../detector/event/map-event.ts';
import type { Expression } from '../../../../detector/filter/ast.ts';
import { parseCondition } from '../../../../detector/filter/parser.ts';

const NOWHERE = { start: 0, end: 0 };
const WORDS = ['sh', 'bash', 'cat', ''];
const NUMBERS = [0, 1, 7];

/** Checks over a few fields of different kinds, all of which compile. */
const CHECKS = [
  ...WORDS.flatMap((word) => [
    `proc.name = "${word}"`,
    `proc.name != "${word}"`,
    `proc.name startswith "${word.slice(0, 1)}"`,
    `proc.aname = "${word}"`,
    `proc.aname != "${word}"`,
    `proc.env[A] in ("${word}", cat)`,
    `toupper(proc.name) = "${word.toUpperCase()}"`,
    `evt.arg.flags contains "${word}"`,
    `fd.types in ("${word}", sh)`,
    `fd.types intersects ("${word}")`,
  ]),
  ...NUMBERS.flatMap((number) => [`proc.pid = ${String(number)}`, `proc.pid > ${String(number)}`]),
  'proc.name in (sh, bash)',
  'proc.name = val(proc.pname)',
  'b64(proc.name) exists',
  'len(fd.types) = 2',
  'fd.types exists',
  'proc.name exists',
  'proc.aname exists',
  'fd.ip = 10.0.0.1',
  'fd.ip != 10.0.0.1',
  'evt.is_open_read = true',
  'evt.type in (open, execve)',
  'evt.pluginname exists',
];

/** The fields of the checks that an event can have or lack. */
export const FIELDS_OF_CHECKS: readonly string[] = [
  'proc.name',
  'proc.pname',
  'proc.pid',
  'proc.aname',
  'proc.env[A]',
  'evt.arg.flags',
  'fd.types',
  'fd.ip',
  'evt.is_open_read',
];

/** Any condition over the checks, with macros in it. */
export function question(): fc.Arbitrary<Expression> {
  const check = fc.constantFrom(...CHECKS).map(parsed);
  return fc.letrec<{ tree: Expression }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      check,
      fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        operands: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }),
        start: fc.constant(0),
        end: fc.constant(0),
      }),
      tie('tree').map((operand): Expression => ({ kind: 'not', operand, ...NOWHERE })),
      tie('tree').map((body): Expression => ({ kind: 'macro', name: 'some_macro', body, ...NOWHERE })),
    ),
  })).tree;
}

/** Events that have some of the fields. */
export function fieldMap(): fc.Arbitrary<FieldMap> {
  const word = fc.constantFrom(...WORDS);
  const words = fc.array(word, { maxLength: 3 });
  return fc
    .record(
      {
        'proc.name': word,
        'proc.pname': word,
        'proc.pid': fc.constantFrom(...NUMBERS),
        'proc.aname': words,
        'proc.env[A]': word,
        'evt.arg.flags': word,
        'fd.types': words,
        'fd.ip': fc.array(fc.constantFrom('10.0.0.1', '10.0.0.2'), { minLength: 1, maxLength: 2 }),
        'evt.is_open_read': fc.boolean(),
      },
      { requiredKeys: [] },
    )
    .chain((fields) => fc.constantFrom('open', 'execve', 'close').map((type) => ({ ...fields, 'evt.type': type })));
}

function parsed(text: string): Expression {
  const result = parseCondition(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.expression;
}
