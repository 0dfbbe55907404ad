import fc from 'fast-check';
import { fieldName } from '../../../../detector/event/field-table.ts';
import { MapEvent, type FieldMap } from '../../../../detector/event/map-event.ts';
import { createExplainer } from '../../../../detector/explain/explain.ts';
import type { Explained, StateReader } from '../../../../detector/explain/types.ts';
import { compileFilter, parseCondition, printExpression, type Expression } from '../../../../detector/filter/index.ts';
import { loadTexts, onlyRule, ruleText } from '../ruleset/rules-text.ts';
import { fieldMap, FIELDS_OF_CHECKS, question } from './arbitrary-question.ts';

describe('the explanation of a condition', () => {
  test('has the answer of every part, and what each check saw', () => {
    const condition = 'evt.type = open and proc.name in (sh, bash) and not proc.aname[2] = init';
    expect(outline(condition, { 'evt.type': 'open', 'proc.name': 'vi', 'proc.aname[2]': 'init' })).toEqual([
      '✗ and',
      '  (✓ evt.type = open: evt.type [open])',
      '  ✗ proc.name in (sh, bash): proc.name [vi]',
      '  (✗ not)',
      '    (✓ proc.aname[2] = init: proc.aname[2] [init])',
    ]);
  });

  test('shows macros by their names, with what they stand for below', () => {
    const rules = [
      '- macro: shells\n  condition: proc.name in (shell_list)\n- list: shell_list\n  items: [sh, bash]\n',
      '- macro: of_shells\n  condition: shells or proc.pname = sh\n',
      ruleText({ condition: 'evt.type = open and of_shells' }),
    ];
    const event = new MapEvent({ 'evt.type': 'open', 'proc.name': 'vi', 'proc.pname': 'sh' });
    const { condition } = onlyRule(loadTexts([rules.join('')]));
    expect(lines(createExplainer(condition).explain(event))).toEqual([
      '✓ and',
      '  ✓ evt.type = open: evt.type [open]',
      '  ✓ of_shells',
      '    ✓ or',
      '      (✗ shells)',
      '        (✗ proc.name in (sh, bash): proc.name [vi])',
      '      ✓ proc.pname = sh: proc.pname [sh]',
    ]);
  });

  test('tells a field that is missing from one that has another value', () => {
    const tree = (fields: FieldMap) => outline('proc.name = sh and not proc.pname = sh', fields);
    expect(tree({ 'proc.pname': 'x' })).toEqual([
      '? and',
      '  ? proc.name = sh: proc.name missing []',
      '  (✓ not)',
      '    (✗ proc.pname = sh: proc.pname [x])',
    ]);
    expect(tree({ 'proc.name': 'sh' })).toEqual([
      '✓ and',
      '  ✓ proc.name = sh: proc.name [sh]',
      '  ✓ not',
      '    ? proc.pname = sh: proc.pname missing []',
    ]);
  });

  test('is missing where every alternative is, and false where only some are', () => {
    expect(outline('proc.name = sh or proc.pname = sh', {})[0]).toBe('? or');
    expect(outline('proc.name = sh or proc.pname = sh', { 'proc.name': 'vi' })[0]).toBe('✗ or');
  });

  test('shows all values of lists, and all fields of a check', () => {
    expect(outline('proc.aname = init', { 'proc.aname': ['bash', 'sshd'] })).toEqual([
      '✗ proc.aname = init: proc.aname [bash,sshd]',
    ]);
    expect(outline('concat(proc.name, proc.exe) = val(proc.pname)', { 'proc.name': 'a', 'proc.exe': 'b' })).toEqual([
      '? concat(proc.name, proc.exe) = val(proc.pname): proc.name [a] proc.exe [b] proc.pname missing []',
    ]);
    expect(outline('evt.buffer startswith GET', { 'evt.buffer': 'PUT / HTTP/1.1' })).toEqual([
      '✗ evt.buffer startswith GET: evt.buffer [PUT / HTTP/1.1]',
    ]);
  });

  test('is false, and not missing, for a value of which a transformer makes nothing', () => {
    expect(outline('b64(proc.name) = sh', { 'proc.name': '!' })).toEqual(['✗ b64(proc.name) = sh: proc.name [!]']);
  });

  test('knows the events before, explained or passed', () => {
    const explainer = createExplainer(parsed('evt.deltatime = 5'));
    const at = (time: number) => new MapEvent({ 'evt.type': 'open', 'evt.rawtime': time });
    explainer.pass(at(10));
    expect(explainer.explain(at(15)).verdict).toBe('true');
    expect(explainer.explain(at(16)).verdict).toBe('false');
  });

  test('has the answer of the compiled condition, whatever the condition and the event', () => {
    fc.assert(
      fc.property(question(), fieldMap(), (condition, fields) => {
        const { verdict } = createExplainer(condition).explain(new MapEvent(fields));
        expect(verdict === 'true').toBe(matches(condition, fields));
        expect(verdict).not.toBe('undecided');
      }),
      { numRuns: 1_000 },
    );
  });

  test('rests on parts that are decisive: others may answer as they like', () => {
    fc.assert(
      fc.property(question(), fieldMap(), fc.boolean(), (condition, fields, answer) => {
        const tree = createExplainer(condition).explain(new MapEvent(fields));
        expect(answerOf(tree, answer)).toBe(tree.verdict === 'true');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the explanation where fields are not known yet', () => {
  test('is undecided, and says of which field', () => {
    expect(outline('proc.name = sh and proc.pname = x', { 'proc.name': 'sh' }, ['proc.pname'])).toEqual([
      '… and',
      '  (✓ proc.name = sh: proc.name [sh])',
      '  … proc.pname = x: proc.pname unknown []',
    ]);
    expect(outline('not proc.pname exists', {}, ['proc.pname'])[0]).toBe('… not');
  });

  test('is decided where the field does not matter', () => {
    expect(outline('proc.pname = x and proc.name = sh', { 'proc.name': 'vi' }, ['proc.pname'])).toEqual([
      '✗ and',
      '  (… proc.pname = x: proc.pname unknown [])',
      '  ✗ proc.name = sh: proc.name [vi]',
    ]);
    expect(outline('proc.pname = x or proc.name = sh', { 'proc.name': 'sh' }, ['proc.pname'])[0]).toBe('✓ or');
    expect(outline('proc.name = val(proc.pname)', {}, ['proc.pname'])[0]).toMatch(/^\? proc\.name = val/);
  });

  test('stays what it is, once decided, whatever the fields turn out to be', () => {
    const unknown = fc.subarray([...FIELDS_OF_CHECKS]);
    fc.assert(
      fc.property(question(), fieldMap(), fieldMap(), unknown, (condition, fields, later, late) => {
        const known = Object.fromEntries(Object.entries(fields).filter(([name]) => !late.includes(name)));
        const { verdict } = explained(condition, known, late);
        if (verdict === 'undecided') return;
        const come = Object.fromEntries(Object.entries(later).filter(([name]) => late.includes(name)));
        expect(verdict === 'true').toBe(matches(condition, { ...known, ...come }));
      }),
      { numRuns: 1_000 },
    );
  });
});

function outline(condition: string, fields: FieldMap, unknown: readonly string[] = []): readonly string[] {
  return lines(explained(parsed(condition), fields, unknown));
}

function explained(condition: Expression, fields: FieldMap, unknown: readonly string[]): Explained {
  const readState: StateReader = (event, { info, argument }) => {
    if (unknown.includes(fieldName(info.name, argument))) return { kind: 'unknown' };
    const value = event.field(info.name, argument);
    return value === undefined ? { kind: 'missing' } : { kind: 'value', value };
  };
  return createExplainer(condition, { readState }).explain(new MapEvent(fields));
}

/** A line for each part; in parentheses what is not decisive. */
function lines(node: Explained, indent = ''): readonly string[] {
  const mark = { true: '✓', false: '✗', missing: '?', undecided: '…' }[node.verdict];
  const words = `${mark} ${wordsOf(node)}`;
  const parts = partsOf(node).flatMap((part) => lines(part, `${indent}  `));
  return [indent + (node.isDecisive ? words : `(${words})`), ...parts];
}

function wordsOf(node: Explained): string {
  if (node.kind === 'macro') return node.name;
  if (node.kind !== 'check') return node.kind;
  const seen = node.fields.map(({ name, state, values }) =>
    [name, ...(state === 'value' ? [] : [state]), `[${values.join()}]`].join(' '),
  );
  return `${node.text}: ${seen.join(' ')}`;
}

function partsOf(node: Explained): readonly Explained[] {
  if (node.kind === 'and' || node.kind === 'or') return node.operands;
  if (node.kind === 'not') return [node.operand];
  return node.kind === 'macro' ? [node.body] : [];
}

/** The answer of a tree in which everything that is not decisive answers otherwise. */
function answerOf(node: Explained, other: boolean): boolean {
  if (!node.isDecisive) return other;
  switch (node.kind) {
    case 'and':
      return deciding(node.operands, node.verdict === 'true').every((operand) => answerOf(operand, other));
    case 'or':
      return deciding(node.operands, node.verdict !== 'true').some((operand) => answerOf(operand, other));
    case 'not':
      return !answerOf(node.operand, other);
    case 'macro':
      return answerOf(node.body, other);
    case 'check':
      return node.verdict === 'true';
  }
}

/** All operands of a chain that ran to its end; of one that was ended, those that did not end it may say anything. */
function deciding(operands: readonly Explained[], ranToEnd: boolean): readonly Explained[] {
  expect(operands.filter(({ isDecisive }) => isDecisive)).toHaveLength(ranToEnd ? operands.length : 1);
  return operands;
}

function matches(condition: Expression, fields: FieldMap): boolean {
  const filter = compileFilter(printExpression(condition));
  if (!filter.ok) throw new Error(filter.message);
  return filter.matches(new MapEvent(fields));
}

function parsed(text: string): Expression {
  const result = parseCondition(text);
  if (!result.ok) throw new Error(result.message);
  return result.expression;
}
