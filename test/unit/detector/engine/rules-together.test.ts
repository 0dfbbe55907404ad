import fc from 'fast-check';
import { createEngine } from '../../../../detector/engine/index.ts';
import { MapEvent, type FieldMap } from '../../../../detector/event/map-event.ts';
import { createExplainer } from '../../../../detector/explain/explain.ts';
import { printExpression } from '../../../../detector/filter/index.ts';
import type { Ruleset } from '../../../../detector/ruleset/index.ts';
import { fieldMap, question } from '../explain/arbitrary-question.ts';
import { loadTexts, ruleText } from '../ruleset/rules-text.ts';

describe('rules that are judged together', () => {
  test('answer as each condition does by itself, taken apart and asked part by part', () => {
    const conditions = fc.array(question().map(printExpression), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(conditions, fc.array(fieldMap(), { minLength: 1, maxLength: 6 }), (texts, maps) => {
        const ruleset = rulesetOf(texts);
        const engine = createEngine({ ruleset, matching: 'all' });
        const first = createEngine({ ruleset });
        for (const fields of maps) {
          const expected = fulfilled(ruleset, fields);
          expect(raised(engine, fields)).toEqual(expected);
          expect(raised(first, fields)).toEqual(expected.slice(0, 1));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('are all asked, however many they are, in their order', () => {
    const ruleset = rulesetOf(
      Array.from({ length: 100 }, (_, index) => `evt.type = open and fd.num >= ${String(index)}`),
    );
    const names = raised(createEngine({ ruleset, matching: 'all' }), { 'evt.type': 'open', 'fd.num': 69 });
    expect(names).toEqual(Array.from({ length: 70 }, (_, index) => `R${String(index)}`));
  });

  test('answer right for a value that was seen before, and after more values than are remembered', () => {
    const engine = createEngine({ ruleset: rulesetOf(['evt.type = open and fd.name endswith 7']) });
    const odd = 'x'.repeat(300);
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 2_000; index++) {
        for (const name of [`/a/${String(index)}`, `/${odd}/${String(index)}`]) {
          const expected = index % 10 === 7 ? ['R0'] : [];
          expect(raised(engine, { 'evt.type': 'open', 'fd.name': name })).toEqual(expected);
        }
      }
    }
    expect(raised(engine, { 'evt.type': 'open' })).toEqual([]);
  });

  test('answer right for an event that has several values where one is usual', () => {
    const engine = createEngine({ ruleset: rulesetOf(['evt.type = open and proc.name = b']) });
    expect(raised(engine, { 'evt.type': 'open', 'proc.name': ['a', 'b'] })).toEqual(['R0']);
    expect(raised(engine, { 'evt.type': 'open', 'proc.name': ['a', 'c'] })).toEqual([]);
  });
});

function rulesetOf(conditions: readonly string[]): Ruleset {
  const texts = conditions.map((condition, index) =>
    ruleText({ condition: JSON.stringify(condition) }).replace('R', `R${String(index)}`),
  );
  const { ruleset, errors } = loadTexts([texts.join('')]);
  if (ruleset === undefined) throw new Error(errors[0]?.message);
  return ruleset;
}

/** The names of the rules whose whole condition is true, asked in the plain way of explanations. */
function fulfilled({ rules }: Ruleset, fields: FieldMap): readonly string[] {
  return rules
    .filter(({ condition }) => createExplainer(condition).explain(new MapEvent(fields)).verdict === 'true')
    .map(({ name }) => name);
}

function raised(engine: ReturnType<typeof createEngine>, fields: FieldMap): readonly string[] {
  return engine.process(new MapEvent(fields)).map(({ rule }) => rule);
}
