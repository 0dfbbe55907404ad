import type { FieldReference, FieldTable } from '../event/field-table.ts';
import { familyOf, type FieldType } from '../event/field-types.ts';
import type { FieldOperand, Operand, Span, TransformedOperand, TransformerInput, TransformerName } from './ast.ts';

/** An operand whose fields are known and whose types fit. */
export type TypedOperand = TypedField | TypedTransform;

export interface TypedField {
  readonly kind: 'field';
  readonly field: FieldReference;
  readonly type: FieldType;
  readonly isList: boolean;
}

export interface TypedTransform {
  readonly kind: 'transform';
  readonly transformer: TransformerName;
  readonly inputs: readonly TypedInput[];
  /** The letter whose value getopt() selects. */
  readonly argument?: string;
  readonly type: FieldType;
  readonly isList: boolean;
}

export type TypedInput =
  | TypedOperand
  | { readonly kind: 'literal'; readonly text: string; readonly type: 'CHARBUF'; readonly isList: false }
  | { readonly kind: 'inputs'; readonly items: readonly TypedInput[]; readonly type: 'CHARBUF'; readonly isList: true };

/** The types do not fit; `span` is the part of the condition that is to blame. */
export class TypeProblem extends Error {
  readonly span: Span;
  /** The condition names a field or an event that does not exist. */
  readonly isUnknownName: boolean;

  constructor(message: string, span: Span, { isUnknownName = false } = {}) {
    super(message);
    this.span = span;
    this.isUnknownName = isUnknownName;
  }
}

/** Finds the fields of an operand and checks what its transformers are given. Throws TypeProblem. */
export function typeOperand(operand: Operand, table: FieldTable): TypedOperand {
  return operand.kind === 'field' ? typeField(operand, table) : typeTransform(operand, table);
}

function typeField(operand: FieldOperand, table: FieldTable): TypedField {
  const lookup = table.resolve(operand.name, operand.argument);
  if (!lookup.ok) throw new TypeProblem(lookup.message, operand, { isUnknownName: true });
  const { field } = lookup;
  return { kind: 'field', field, type: field.type, isList: field.isList };
}

function typeTransform(operand: TransformedOperand, table: FieldTable): TypedOperand {
  if (operand.argument !== undefined && operand.transformer !== 'getopt') {
    throw new TypeProblem(
      `filter error: transformer '${operand.transformer}' does not support field arguments`,
      operand,
    );
  }
  if (operand.transformer === 'val') return typeVal(operand, table);
  const { transformer } = operand;
  const inputs = operand.inputs.map((input) => typeInput(input, table));
  const result = RESULTS[transformer]({ transformer, operand, inputs });
  const argument = operand.argument === undefined ? {} : { argument: operand.argument };
  return { kind: 'transform', transformer, inputs, ...argument, ...result };
}

function typeVal(operand: TransformedOperand, table: FieldTable): TypedField {
  const [input] = operand.inputs;
  if (input?.kind !== 'field') throw new TypeProblem("'val' needs a field", operand);
  const typed = typeField(input, table);
  if (typed.field.info.special !== undefined) {
    throw new TypeProblem(`field '${typed.field.info.name}' can't be used as a right-hand side field`, operand);
  }
  return typed;
}

function typeInput(input: TransformerInput, table: FieldTable): TypedInput {
  if (input.kind === 'value') return { kind: 'literal', text: input.text, type: 'CHARBUF', isList: false };
  if (input.kind === 'inputs') {
    const items = input.items.map((item) => typeInput(item, table));
    return { kind: 'inputs', items, type: 'CHARBUF', isList: true };
  }
  const typed = typeOperand(input, table);
  if (typed.kind === 'field' && typed.field.info.special !== undefined) {
    throw new TypeProblem(`field '${typed.field.info.name}' does not support transformers`, input);
  }
  return typed;
}

interface Call {
  readonly transformer: TransformerName;
  readonly operand: TransformedOperand;
  readonly inputs: readonly TypedInput[];
}

interface ResultType {
  readonly type: FieldType;
  readonly isList: boolean;
}

/** What each transformer makes of its inputs, or why it will not have them. */
const RESULTS: Readonly<Record<TransformerName, (call: Call) => ResultType>> = {
  tolower: textResult,
  toupper: textResult,
  basename: textResult,
  b64: (call) => {
    const input = onlyInput(call);
    if (input.type !== 'CHARBUF' && input.type !== 'BYTEBUF') throw unfit(call, input);
    return { type: input.type, isList: input.isList };
  },
  len: (call) => {
    const input = onlyInput(call);
    const { family } = familyOf(input.type);
    if (!input.isList && family !== 'string' && family !== 'buffer') throw unfit(call, input);
    return { type: 'UINT64', isList: false };
  },
  join: (call) => {
    const [separator, list] = someInputs(call, 2, 2);
    if (separator?.isList !== false) throw wrong(call, 'needs a separator that is no list');
    if (list?.isList !== true) throw wrong(call, 'needs a list behind the separator');
    return { type: 'CHARBUF', isList: false };
  },
  concat: (call) => {
    if (someInputs(call, 2, Infinity).some((input) => input.isList)) throw wrong(call, 'does not take lists');
    return { type: 'CHARBUF', isList: false };
  },
  getopt: (call) => {
    const [words, options] = someInputs(call, 2, 2);
    const isCommandLine = words?.kind === 'field' && familyOf(words.type).family === 'string';
    if (words?.isList !== true && !isCommandLine) throw wrong(call, 'needs a list of words');
    if (options?.isList !== false || options.type !== 'CHARBUF') throw wrong(call, 'needs an option string');
    if (call.operand.argument === '') throw wrong(call, 'needs an option letter in its brackets');
    return { type: 'CHARBUF', isList: call.operand.argument === undefined };
  },
};

function textResult(call: Call): ResultType {
  const input = onlyInput(call);
  if (familyOf(input.type).family !== 'string') throw unfit(call, input);
  return { type: input.type, isList: input.isList };
}

function onlyInput(call: Call): TypedInput {
  const [input] = someInputs(call, 1, 1);
  if (input === undefined) throw wrong(call, 'needs a field');
  return input;
}

function someInputs(call: Call, least: number, most: number): readonly TypedInput[] {
  const count = call.inputs.length;
  if (count >= least && count <= most) return call.inputs;
  const wanted = most === Infinity ? `at least ${String(least)}` : String(least);
  throw wrong(call, `needs ${wanted} argument${least === 1 ? '' : 's'}, not ${String(count)}`);
}

function unfit(call: Call, input: TypedInput): TypeProblem {
  const name = input.kind === 'field' ? ` to field '${input.field.info.name}'` : '';
  return new TypeProblem(`can't add transformer '${call.transformer}'${name} of type '${input.type}'`, call.operand);
}

function wrong(call: Call, why: string): TypeProblem {
  return new TypeProblem(`transformer '${call.transformer}' ${why}`, call.operand);
}
