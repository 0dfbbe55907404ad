import type { FieldReference, FieldTable } from '../event/field-table.ts';
import type { FieldSpecial } from '../event/field-info.ts';
import type { DetectorEvent, Extractor, FieldValue, Scalar } from '../event/types.ts';
import { isList } from '../event/value-text.ts';
import { valuesOf, type Comparison, type Exists, type Expression, type Operand, type RightSide } from './ast.ts';
import { constantOf } from './check.ts';
import { operandExtractor } from './extract.ts';
import { printExpression } from './printer.ts';
import { typeOperand, type TypedOperand } from './typed-operand.ts';
import { constantTest, pairTest, type ValueTest } from './value-test.ts';

/** Answers whether an event fulfils a condition. */
export type Predicate = (event: DetectorEvent) => boolean;

export interface ProgramOptions {
  readonly table: FieldTable;
  /** How a field is read; by default the event is asked. */
  readonly readField?: (field: FieldReference) => Extractor;
}

/**
 * Turns conditions into closures. Conditions compiled by one program share what they have in common: a field is read
 * at most once per event, and a sub-condition that occurs in several of them is answered once.
 */
export interface Program {
  /** Compiles a condition that checkExpression() found nothing wrong with. */
  compile(expression: Expression): Predicate;
  /** How an operand is read, with the program's memory of the event. */
  extractor(operand: TypedOperand): Extractor;
  /** The same for a field by itself. */
  reader(field: FieldReference): Extractor;
  /** To be called before the predicates see the next event. */
  nextEvent(): void;
}

/** A new program without conditions. */
export function createProgram(options: ProgramOptions): Program {
  const state: State = {
    table: options.table,
    readField: options.readField ?? askEvent,
    tick: 0,
    slots: new Map(),
    predicates: new Map(),
  };
  return {
    compile: (expression) => compileShared(state, expression),
    extractor: (operand) => operandExtractor(operand, (field) => slotOf(state, field)),
    reader: (field) => slotOf(state, field),
    nextEvent: () => {
      state.tick++;
    },
  };
}

interface State {
  readonly table: FieldTable;
  readonly readField: (field: FieldReference) => Extractor;
  /** Number of the event that is being judged; what is remembered of another one does not count. */
  tick: number;
  readonly slots: Map<string, Extractor>;
  readonly predicates: Map<string, Shared>;
}

interface Shared {
  readonly predicate: Predicate;
  /** Set when a second condition asks for the same: from then on answers are remembered. */
  isReused: boolean;
}

function askEvent({ info, argument }: FieldReference): Extractor {
  const { name } = info;
  return (event) => event.field(name, argument);
}

/** One reader per field, which remembers the value for the event at hand. */
function slotOf(state: State, field: FieldReference): Extractor {
  const key = `${field.info.name}[${field.argument ?? ''}]`;
  const known = state.slots.get(key);
  if (known !== undefined) return known;
  const read = state.readField(field);
  let tick = -1;
  let value: FieldValue | undefined;
  const slot: Extractor = (event) => {
    if (tick === state.tick) return value;
    tick = state.tick;
    value = read(event);
    return value;
  };
  state.slots.set(key, slot);
  return slot;
}

function compileShared(state: State, expression: Expression): Predicate {
  if (expression.kind === 'macro' && expression.body !== undefined) return compileShared(state, expression.body);
  const key = printExpression(expression);
  const known = state.predicates.get(key);
  if (known !== undefined) {
    known.isReused = true;
    return known.predicate;
  }
  const shared: Shared = {
    predicate: remembering(state, compileExpression(state, expression), () => shared.isReused),
    isReused: false,
  };
  state.predicates.set(key, shared);
  return shared.predicate;
}

/** Keeps the answer for the event at hand, once that pays. */
function remembering(state: State, predicate: Predicate, isReused: () => boolean): Predicate {
  let tick = -1;
  let answer = false;
  return (event) => {
    if (!isReused()) return predicate(event);
    if (tick === state.tick) return answer;
    answer = predicate(event);
    tick = state.tick;
    return answer;
  };
}

function compileExpression(state: State, expression: Expression): Predicate {
  switch (expression.kind) {
    case 'and':
      return allOf(expression.operands.map((operand) => compileShared(state, operand)));
    case 'or':
      return anyOf(expression.operands.map((operand) => compileShared(state, operand)));
    case 'not': {
      const operand = compileShared(state, expression.operand);
      return (event) => !operand(event);
    }
    case 'macro':
      throw new Error(`macro '${expression.name}' was not resolved`);
    case 'exists':
      return existsPredicate(state, expression);
    case 'compare':
      return comparisonPredicate(state, expression);
  }
}

function allOf(predicates: readonly Predicate[]): Predicate {
  return (event) => {
    for (const predicate of predicates) if (!predicate(event)) return false;
    return true;
  };
}

function anyOf(predicates: readonly Predicate[]): Predicate {
  return (event) => {
    for (const predicate of predicates) if (predicate(event)) return true;
    return false;
  };
}

function existsPredicate(state: State, { left }: Exists): Predicate {
  const read = extractorOf(state, left);
  return (event) => {
    const value = read(event);
    return value !== undefined && !(isList(value) && value.length === 0);
  };
}

function extractorOf(state: State, operand: Operand): Extractor {
  return operandExtractor(typeOperand(operand, state.table), (field) => slotOf(state, field));
}

function comparisonPredicate(state: State, comparison: Comparison): Predicate {
  const left = typeOperand(comparison.left, state.table);
  const read = extractorOf(state, comparison.left);
  const { right } = comparison;
  if (right.kind === 'field' || right.kind === 'transformed') {
    return operandComparison(comparison, left, read, extractorOf(state, right));
  }
  const test = testOf(comparison, left, right);
  const all = asksAll(comparison, left);
  return (event) => {
    const value = read(event);
    if (value === undefined) return false;
    return isList(value) ? passes(value, test, all) : test(value);
  };
}

function testOf(comparison: Comparison, left: TypedOperand, right: RightSide): ValueTest {
  const constants = valuesOf(right).map((value) => {
    const result = constantOf(comparison, left, value);
    if (!result.ok) throw new Error(result.message);
    return result.constant;
  });
  return constantTest(comparison.operator, left.type, constants, comparison.modifier);
}

type Quantifier = 'all' | 'some';

/**
 * Of several values: `in` on a list field asks that all are in the set; `!=` on both ends of a connection that neither
 * is the value; all else that one value passes.
 */
function asksAll(comparison: Comparison, left: TypedOperand): Quantifier {
  const special: FieldSpecial | undefined = left.kind === 'field' ? left.field.info.special : undefined;
  if (special === 'ends') return comparison.operator === '!=' ? 'all' : 'some';
  return left.isList && comparison.operator === 'in' ? 'all' : 'some';
}

function passes(values: readonly Scalar[], test: ValueTest, quantifier: Quantifier): boolean {
  if (values.length === 0) return false;
  return quantifier === 'all' ? values.every(test) : values.some(test);
}

function operandComparison(
  comparison: Comparison,
  left: TypedOperand,
  read: Extractor,
  readRight: Extractor,
): Predicate {
  const test = pairTest(comparison.operator, left.type);
  const quantifier = asksAll(comparison, left);
  return (event) => {
    const value = read(event);
    const right = readRight(event);
    if (value === undefined || right === undefined) return false;
    const rights = isList(right) ? right : [right];
    const passesRight: ValueTest = (item) => rights.some((other) => test(item, other));
    return isList(value) ? passes(value, passesRight, quantifier) : passesRight(value);
  };
}
