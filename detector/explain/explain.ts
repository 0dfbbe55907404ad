import { printableBytes } from '../event/byte-text.ts';
import { createFieldTable, fieldName, type FieldReference, type FieldTable } from '../event/field-table.ts';
import { familyOf } from '../event/field-types.ts';
import type { DetectorEvent, FieldValue } from '../event/types.ts';
import { isList, scalarText } from '../event/value-text.ts';
import type { Comparison, Exists, Expression } from '../filter/ast.ts';
import { checkExpression } from '../filter/check.ts';
import { printExpression } from '../filter/printer.ts';
import { createFilterRunner, type FilterRunner } from '../filter/runner.ts';
import { holds, type Explained, type FieldState, type SeenField, type StateReader, type Verdict } from './types.ts';

export interface ExplainerOptions {
  readonly table?: FieldTable;
  /** How fields are read; by default the event is asked, and what it does not have is missing for good. */
  readonly readState?: StateReader;
}

/** Says of events, one after the other, why a condition is true or false for them. */
export interface Explainer {
  /** Every part of the condition with its answer, also the parts that the engine would not ask any more. */
  explain(event: DetectorEvent): Explained;
  /** Takes note of an event that is not to be explained: some fields are about the events before. */
  pass(event: DetectorEvent): void;
}

const ALL_FIELDS = createFieldTable();

/** An explainer of a condition whose macros are resolved and that checkExpression() found nothing wrong with. */
export function createExplainer(condition: Expression, options: ExplainerOptions = {}): Explainer {
  const { table = ALL_FIELDS, readState = recordedState } = options;
  const runner = createFilterRunner(table, (field) => (event) => valueOf(readState(event, field)));
  const judge = judgeOf({ table, readState, runner }, condition);
  return {
    explain: (event) => runner.run(event, () => marked(judge(event), true)),
    pass: (event) => runner.run(event, () => undefined),
  };
}

interface State {
  readonly table: FieldTable;
  readonly readState: StateReader;
  readonly runner: FilterRunner;
}

/** Answers with a tree in which each part says whether it decides the part around it. */
type Judge = (event: DetectorEvent) => Explained;

/** What a field is for an event that will not learn more: what it does not have is missing for good. */
export function recordedState(event: DetectorEvent, { info, argument }: FieldReference): FieldState {
  const value = event.field(info.name, argument);
  return value === undefined ? { kind: 'missing' } : { kind: 'value', value };
}

function valueOf(state: FieldState): FieldValue | undefined {
  return state.kind === 'value' ? state.value : undefined;
}

function judgeOf(state: State, expression: Expression): Judge {
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const operands = expression.operands.map((operand) => judgeOf(state, operand));
      return (event) =>
        chain(
          expression.kind,
          operands.map((judge) => judge(event)),
        );
    }
    case 'not': {
      const judge = judgeOf(state, expression.operand);
      return (event) => negation(judge(event));
    }
    case 'macro': {
      const { name, body } = expression;
      if (body === undefined) throw new Error(`macro '${name}' was not resolved`);
      const judge = judgeOf(state, body);
      return (event) => macro(name, judge(event));
    }
    case 'exists':
    case 'compare':
      return checkJudge(state, expression);
  }
}

/** An operand that ends the chain decides it alone; else those that are open do, and if none is, all. */
function chain(kind: 'and' | 'or', operands: readonly Explained[]): Explained {
  const ending = operands.find(({ verdict }) => holds(verdict) === (kind === 'or'));
  if (ending !== undefined) return chainOf(kind, ending.verdict, operands, [ending]);
  const open = operands.filter(({ verdict }) => verdict === 'undecided');
  if (open.length > 0) return chainOf(kind, 'undecided', operands, open);
  const isMissing = operands.every(({ verdict }) => verdict === 'missing');
  return chainOf(kind, kind === 'and' ? 'true' : isMissing ? 'missing' : 'false', operands, operands);
}

function chainOf(
  kind: 'and' | 'or',
  verdict: Verdict,
  operands: readonly Explained[],
  deciding: readonly Explained[],
): Explained {
  const told = operands.map((operand) => ({ ...operand, isDecisive: deciding.includes(operand) }));
  return { kind, verdict, isDecisive: true, operands: told };
}

function negation(operand: Explained): Explained {
  const answer = holds(operand.verdict);
  const verdict = answer === undefined ? 'undecided' : answer ? 'false' : 'true';
  return { kind: 'not', verdict, isDecisive: true, operand };
}

function macro(name: string, body: Explained): Explained {
  return { kind: 'macro', verdict: body.verdict, isDecisive: true, name, body };
}

/** The program answers for single checks, so that these cannot be told differently from how the engine takes them. */
function checkJudge(state: State, check: Comparison | Exists): Judge {
  const predicate = state.runner.compile(check);
  const readers = fieldsOf(state, check).map((field) => seenReader(state, field));
  const text = printExpression(check);
  return (event) => {
    const fields = readers.map((read) => read(event));
    return { kind: 'check', verdict: checkVerdict(predicate(event), fields), isDecisive: true, text, fields };
  };
}

function fieldsOf({ table }: State, check: Comparison | Exists): readonly FieldReference[] {
  const { fields } = checkExpression(check, table);
  return [...new Map(fields.map((field) => [fieldName(field.info.name, field.argument), field])).values()];
}

function seenReader({ runner, readState }: State, field: FieldReference): (event: DetectorEvent) => SeenField {
  const read = runner.reader(field);
  const name = fieldName(field.info.name, field.argument);
  return (event) => {
    const value = read(event);
    if (value !== undefined) return { name, state: 'value', values: valueTexts(value, field) };
    const state = readState(event, field).kind === 'unknown' ? 'unknown' : 'missing';
    return { name, state, values: [] };
  };
}

function valueTexts(value: FieldValue, { type }: FieldReference): readonly string[] {
  const texts = isList(value) ? value.map(scalarText) : [scalarText(value)];
  return familyOf(type).family === 'buffer' ? texts.map(printableBytes) : texts;
}

/** A check with a field that is missing for good is false, whatever another field turns out to be. */
function checkVerdict(answer: boolean, fields: readonly SeenField[]): Verdict {
  if (answer) return 'true';
  if (fields.some(({ state }) => state === 'missing')) return 'missing';
  return fields.some(({ state }) => state === 'unknown') ? 'undecided' : 'false';
}

/** What decides a part decides the whole only where that part does. */
function marked(node: Explained, isOuterDecisive: boolean): Explained {
  const isDecisive = isOuterDecisive && node.isDecisive;
  switch (node.kind) {
    case 'and':
    case 'or':
      return { ...node, isDecisive, operands: node.operands.map((operand) => marked(operand, isDecisive)) };
    case 'not':
      return { ...node, isDecisive, operand: marked(node.operand, isDecisive) };
    case 'macro':
      return { ...node, isDecisive, body: marked(node.body, isDecisive) };
    case 'check':
      return { ...node, isDecisive };
  }
}
