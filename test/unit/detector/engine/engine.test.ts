import fc from 'fast-check';
import { createEngine } from '../../../../detector/engine/index.ts';
import { AuditEvent } from '../../../../detector/event/audit-event.ts';
import { MapEvent } from '../../../../detector/event/map-event.ts';
import type { DetectorEvent, FieldValue } from '../../../../detector/event/types.ts';
import { createFieldTable } from '../../../../detector/event/field-table.ts';
import { createProgram } from '../../../../detector/filter/compile.ts';
import { eventTypesOf } from '../../../../detector/filter/event-types.ts';
import { parseCondition } from '../../../../detector/filter/index.ts';
import { specialise } from '../../../../detector/filter/specialise.ts';
import { loadTexts, ruleText } from '../ruleset/rules-text.ts';

const named = (name: string, condition: string, more: Readonly<Record<string, string>> = {}) =>
  ruleText({ condition, ...more }).replace('R', name);

describe('the engine', () => {
  test('raises the alert of the first rule that matches, or those of all', () => {
    const rules = [named('A', 'evt.type = close'), named('B', 'evt.type = open'), named('C', 'evt.type = open')];
    expect(raised(rules, open())).toEqual(['B']);
    expect(raised(rules, open(), 'all')).toEqual(['B', 'C']);
  });

  test('asks no rule that is switched off, or of another source', () => {
    const rules = [
      named('A', 'evt.type = open', { enabled: 'false' }),
      named('B', 'ka.verb = get', { source: 'k8s_audit' }),
    ];
    expect(raised(rules, open(), 'all')).toEqual([]);
    expect(raised(rules, new AuditEvent({ verb: 'get' }, 1))).toEqual(['B']);
  });

  test('remembers nothing of one event when it judges the next', () => {
    const { ruleset } = loadTexts([
      named('A', 'evt.type = open and proc.name = a'),
      named('B', 'evt.type = open and proc.name = a and fd.num = 1'),
    ]);
    if (ruleset === undefined) throw new Error('the rules do not load');
    const engine = createEngine({ ruleset, matching: 'all' });
    const names = (event: DetectorEvent) => engine.process(event).map(({ rule }) => rule);
    expect(names(open({ 'proc.name': 'a', 'fd.num': 1 }))).toEqual(['A', 'B']);
    expect(names(open({ 'proc.name': 'b', 'fd.num': 1 }))).toEqual([]);
    expect(names(open({ 'proc.name': 'a', 'fd.num': 2 }))).toEqual(['A']);
  });

  test('reads a field once per event, and none for an event that no rule wants', () => {
    const { ruleset } = loadTexts([
      named('A', 'evt.type = open and proc.name = a'),
      named('B', 'evt.type = open and proc.name in (b, c)'),
    ]);
    if (ruleset === undefined) throw new Error('the rules do not load');
    const engine = createEngine({ ruleset, matching: 'all' });
    const event = new CountingEvent('open');
    engine.process(event);
    expect(event.reads).toEqual(['proc.name']);
    const other = new CountingEvent('close');
    engine.process(other);
    expect(other.reads).toEqual([]);
  });

  test('asks for what may come late only when all else that a rule asks is fulfilled', () => {
    const { ruleset } = loadTexts([named('A', 'evt.type = open and container.image.repository = x and proc.name = a')]);
    if (ruleset === undefined) throw new Error('the rules do not load');
    const engine = createEngine({ ruleset });
    const event = new CountingEvent('open', { 'proc.name': 'b' });
    engine.process(event);
    expect(event.reads).toEqual(['proc.name']);
    const other = new CountingEvent('open', { 'proc.name': 'a' });
    engine.process(other);
    expect(other.reads).toEqual(['proc.name', 'container.image.repository']);
  });

  test('says which events its rules are about', () => {
    const { ruleset } = loadTexts([
      named('A', 'evt.type in (open, close)'),
      named('B', 'evt.type = execve', { enabled: 'false' }),
    ]);
    if (ruleset === undefined) throw new Error('the rules do not load');
    expect(createEngine({ ruleset }).eventTypes('syscall')).toEqual(new Set(['open', 'close']));
  });

  test('knows the time since the first and since the last event', () => {
    const { ruleset } = loadTexts([named('A', 'evt.type = open', { output: "'%evt.reltime %evt.deltatime'" })]);
    if (ruleset === undefined) throw new Error('the rules do not load');
    const engine = createEngine({ ruleset });
    const messages = [10n, 15n, 35n].flatMap((timeNs) =>
      engine.process(open({ 'evt.rawtime': timeNs })).map(({ message }) => message),
    );
    expect(messages).toEqual(['0 0', '5 5', '25 20']);
  });
});

describe('the types of a condition', () => {
  test.each<readonly [string, readonly string[] | undefined]>([
    ['evt.type = open', ['open']],
    ['evt.type in (open, close) and proc.name = x', ['open', 'close']],
    ['evt.type = open or evt.type = close', ['open', 'close']],
    ['evt.type = open or proc.name = x', undefined],
    ['evt.type = open and evt.type = close', []],
    ['not (not evt.type = open)', ['open']],
    ['not (evt.type != open or proc.name = x)', ['open']],
    ['evt.type in (open, close) and evt.type != close', ['open']],
    ['evt.type in (open, close) and not evt.type = close', ['open']],
    ['evt.type contains open', undefined],
    ['evt.type exists', undefined],
  ])('%s are %j', (condition, expected) => {
    expect(eventTypesOf(parsed(condition))).toEqual(expected === undefined ? undefined : new Set(expected));
  });

  test('never exclude an event for which the condition is true, and deciding them changes no answer', () => {
    const leaf = fc.constantFrom(
      'evt.type = open',
      'evt.type != close',
      'evt.type in (open, dup)',
      'evt.type exists',
      'proc.name = a',
      'proc.pname = a',
    );
    const tree = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree')).map(([a, word, b]) => `(${a} ${word} ${b})`),
        tie('tree').map((inner) => `not (${inner})`),
      ),
    })).tree;
    fc.assert(
      fc.property(tree, fc.constantFrom('open', 'close', 'dup'), fc.constantFrom('a', 'b'), (condition, type, name) => {
        const expression = parsed(condition);
        const event = new MapEvent({ 'evt.type': type, 'proc.name': name });
        const answer = ask(expression, event);
        const rest = specialise(expression, type);
        expect(typeof rest === 'boolean' ? rest : ask(rest, event)).toBe(answer);
        if (answer) expect(eventTypesOf(expression)?.has(type)).not.toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

class CountingEvent implements DetectorEvent {
  readonly number = 1;
  readonly timeNs = 0n;
  readonly source = 'syscall';
  readonly type: string;
  readonly reads: string[] = [];
  readonly #fields: Readonly<Record<string, FieldValue>>;

  constructor(type: string, fields: Readonly<Record<string, FieldValue>> = {}) {
    this.type = type;
    this.#fields = fields;
  }

  field(name: string): FieldValue | undefined {
    this.reads.push(name);
    return this.#fields[name];
  }
}

function open(fields: Readonly<Record<string, string | number | bigint>> = {}): MapEvent {
  return new MapEvent({ 'evt.type': 'open', ...fields });
}

function raised(
  rules: readonly string[],
  event: DetectorEvent,
  matching: 'first' | 'all' = 'first',
): readonly string[] {
  const { ruleset, errors } = loadTexts(rules);
  if (ruleset === undefined) throw new Error(errors[0]?.message);
  return createEngine({ ruleset, matching })
    .process(event)
    .map(({ rule }) => rule);
}

function parsed(condition: string) {
  const result = parseCondition(condition);
  if (!result.ok) throw new Error(result.message);
  return result.expression;
}

function ask(expression: ReturnType<typeof parsed>, event: DetectorEvent): boolean {
  const program = createProgram({
    table: createFieldTable(),
    readField:
      ({ info }) =>
      (one) =>
        info.name === 'evt.type' ? one.type : one.field(info.name),
  });
  const predicate = program.compile(expression);
  program.nextEvent();
  return predicate(event);
}
