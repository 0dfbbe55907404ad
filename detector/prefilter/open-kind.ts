import { valuesOf, type Comparison } from '../filter/ast.ts';

/** What the kernel tells apart of opens before it looks at their path: a set of these bits, KIND_* of sensor/protocol.h. */
export const KindBit = { read: 1, write: 2, create: 4, failed: 8, directory: 16, truncate: 32, execute: 64 } as const;

export const OPEN_KINDS = 128;

/** Bit n: the kind n. */
export type KindSet = bigint;

export const ALL_KINDS: KindSet = (1n << BigInt(OPEN_KINDS)) - 1n;

/** The kinds of opens for which a comparison can have the wanted answer: all of them where it looks at other things. */
export function kindsWhere(comparison: Comparison, wanted: boolean): KindSet {
  const fact = factOf(comparison);
  if (fact === undefined) return ALL_KINDS;
  return kindsOf((kind) => {
    const answer = fact(kind);
    return answer === undefined || answer === wanted;
  });
}

export function countKinds(kinds: KindSet): number {
  let count = 0;
  for (let rest = kinds; rest !== 0n; rest &= rest - 1n) count++;
  return count;
}

/** Undefined: the kind does not decide it. */
type Fact = (kind: number) => boolean | undefined;

function factOf({ left, operator, modifier, right }: Comparison): Fact | undefined {
  const [value, another] = valuesOf(right);
  if (left.kind !== 'field' || modifier !== undefined || value === undefined || another !== undefined) return undefined;
  const name = left.argument === undefined ? left.name : `${left.name}.${left.argument}`;
  const fact = FACTS[`${name} ${FACT_OPERATORS[operator] ?? operator} ${value.text}`];
  if (fact === undefined || operator !== '!=') return fact;
  return (kind) => negated(fact(kind));
}

/** Of one value, these are the same question, `!=` turned round: an open has each of the fields below. */
const FACT_OPERATORS: Readonly<Partial<Record<Comparison['operator'], string>>> = { '==': '=', in: '=', '!=': '=' };

const FACTS: Readonly<Record<string, Fact>> = {
  ...truth('evt.is_open_read', has(KindBit.read)),
  ...truth('evt.is_open_write', has(KindBit.write)),
  ...truth('evt.is_open_exec', has(KindBit.execute)),
  // Of an open that may create, only the record tells whether the file was there before.
  ...truth('evt.is_open_create', (kind) =>
    has(KindBit.create)(kind) && !has(KindBit.failed)(kind) ? undefined : false,
  ),
  ...truth('evt.failed', has(KindBit.failed)),
  ...sign('fd.num'),
  ...sign('evt.rawres'),
  // The number of a descriptor that was not opened.
  'fd.num = -1': has(KindBit.failed),
  'fd.typechar = d': has(KindBit.directory),
  'fd.typechar = f': lacks(KindBit.directory),
  'fd.type = directory': has(KindBit.directory),
  'fd.type = file': lacks(KindBit.directory),
  'evt.arg.flags contains O_TRUNC': has(KindBit.truncate),
  // O_TMPFILE counts as creating, too.
  'evt.arg.flags contains O_CREAT': (kind) => (has(KindBit.create)(kind) ? undefined : false),
};

function truth(field: string, fact: Fact): Readonly<Record<string, Fact>> {
  return { [`${field} = true`]: fact, [`${field} = false`]: (kind) => negated(fact(kind)) };
}

function sign(field: string): Readonly<Record<string, Fact>> {
  return { [`${field} >= 0`]: lacks(KindBit.failed), [`${field} < 0`]: has(KindBit.failed) };
}

function has(bit: number): (kind: number) => boolean {
  return (kind) => (kind & bit) !== 0;
}

function lacks(bit: number): (kind: number) => boolean {
  return (kind) => (kind & bit) === 0;
}

function negated(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

function kindsOf(isIn: (kind: number) => boolean): KindSet {
  let kinds = 0n;
  for (let kind = 0; kind < OPEN_KINDS; kind++) if (isIn(kind)) kinds |= 1n << BigInt(kind);
  return kinds;
}
