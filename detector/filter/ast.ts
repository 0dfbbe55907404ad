/** Offsets into the text of the condition: from `start` up to but not including `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Expression = AllOf | AnyOf | Negation | MacroCall | Exists | Comparison;

export interface AllOf extends Span {
  readonly kind: 'and';
  readonly operands: readonly Expression[];
}

export interface AnyOf extends Span {
  readonly kind: 'or';
  readonly operands: readonly Expression[];
}

export interface Negation extends Span {
  readonly kind: 'not';
  readonly operand: Expression;
}

/** A bare name. After macros are resolved it carries the body, whose offsets are into the macro's own text. */
export interface MacroCall extends Span {
  readonly kind: 'macro';
  readonly name: string;
  readonly body?: Expression;
}

export interface Exists extends Span {
  readonly kind: 'exists';
  readonly left: Operand;
}

export interface Comparison extends Span {
  readonly kind: 'compare';
  readonly left: Operand;
  readonly operator: Operator;
  readonly modifier?: Modifier;
  readonly right: RightSide;
}

/** What is looked at in the event. */
export type Operand = FieldOperand | TransformedOperand;

export interface FieldOperand extends Span {
  readonly kind: 'field';
  /** As written: `evt.arg.flags`, `proc.aname`. */
  readonly name: string;
  /** What stands in brackets. */
  readonly argument?: string;
}

export interface TransformedOperand extends Span {
  readonly kind: 'transformed';
  readonly transformer: TransformerName | 'val';
  readonly inputs: readonly TransformerInput[];
  readonly argument?: string;
}

export type TransformerInput = Operand | Value | InputList;

export interface InputList extends Span {
  readonly kind: 'inputs';
  readonly items: readonly (Operand | Value)[];
}

export type RightSide = Value | ValueList | Operand;

export interface Value extends Span {
  readonly kind: 'value';
  /** Unescaped. */
  readonly text: string;
}

export interface ValueList extends Span {
  readonly kind: 'list';
  readonly values: readonly Value[];
}

export const NUMBER_OPERATORS = ['<=', '<', '>=', '>'] as const;
export const STRING_OPERATORS = [
  '==',
  '=',
  '!=',
  'glob',
  'iglob',
  'contains',
  'icontains',
  'bcontains',
  'startswith',
  'bstartswith',
  'endswith',
  'regex',
] as const;
export const LIST_OPERATORS = ['intersects', 'in', 'pmatch'] as const;
export const MODIFIERS = ['oneof', 'anyof', 'allof'] as const;
export const TRANSFORMERS = ['tolower', 'toupper', 'b64', 'basename', 'len', 'join', 'concat', 'getopt'] as const;

export type StringOperator = (typeof STRING_OPERATORS)[number];
export type ListOperator = (typeof LIST_OPERATORS)[number];
export type Operator = (typeof NUMBER_OPERATORS)[number] | StringOperator | ListOperator;
export type Modifier = (typeof MODIFIERS)[number];
export type TransformerName = (typeof TRANSFORMERS)[number];

/** The constants of a right side; none for operands. */
export function valuesOf(right: RightSide): readonly Value[] {
  if (right.kind === 'value') return [right];
  return right.kind === 'list' ? right.values : [];
}
