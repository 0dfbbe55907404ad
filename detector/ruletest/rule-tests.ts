import { nearest } from '../../core/index.ts';
import { createEngine } from '../engine/index.ts';
import { AuditEvent } from '../event/audit-event.ts';
import { isObject } from '../event/json-path.ts';
import type { JsonValue } from '../event/json.ts';
import { MapEvent } from '../event/map-event.ts';
import type { DetectorEvent } from '../event/types.ts';
import { createExplainer } from '../explain/explain.ts';
import { obstaclesOfEvent } from '../explain/obstacles.ts';
import { failedParts, reasonsOf, type Reason } from '../explain/reasons.ts';
import type { Explained } from '../explain/types.ts';
import type { CompiledRule, Place, Ruleset } from '../ruleset/types.ts';
import { coverageOf, type Coverage } from './coverage.ts';
import { expectedReason } from './expected-reason.ts';
import type { RuleTest, TestCase } from './test-file.ts';

/** One thing that a rule has to say of an event: that it fires, or that it does not. */
export interface RuleTestResult {
  readonly rule: string;
  readonly says: string;
  readonly expected: 'fires' | 'silent';
  readonly place: Place;
  /** Why the test does not pass; undefined when it does. */
  readonly problem?: string;
  /** What the condition is false for, where that is the problem. */
  readonly because?: readonly Reason[];
}

export interface RuleTestOutcome {
  /** In the order of the tests. */
  readonly results: readonly RuleTestResult[];
  readonly coverage: Coverage;
}

/** Runs rule tests against rules; a rule that is switched off is tested all the same. */
export function runRuleTests(ruleset: Ruleset, tests: readonly RuleTest[]): RuleTestOutcome {
  const trees = new Map<string, Explained[]>();
  const results = tests.flatMap((test) => {
    const rule = ruleset.rules.find(({ name }) => name === test.rule);
    if (rule === undefined) return [unknownRule(test, ruleset)];
    return test.cases.map((one) => {
      const event = eventOf(test, one);
      const condition = createExplainer(rule.condition).explain(event);
      trees.set(rule.name, [...(trees.get(rule.name) ?? []), condition]);
      return judge({ ruleset, rule, one, event, condition });
    });
  });
  return { results, coverage: coverageOf(trees) };
}

function unknownRule({ rule, place }: RuleTest, { rules }: Ruleset): RuleTestResult {
  const near = nearest(
    rule,
    rules.map(({ name }) => name),
  );
  const problem = `there is no rule of this name${near.length === 0 ? '' : `; the nearest: ${near.join(', ')}`}`;
  return { rule, says: 'any event', expected: 'fires', place, problem };
}

interface Trial {
  readonly ruleset: Ruleset;
  readonly rule: CompiledRule;
  readonly one: TestCase;
  readonly event: DetectorEvent;
  readonly condition: Explained;
}

function judge(trial: Trial): RuleTestResult {
  const { ruleset, rule, one, event } = trial;
  const only: Ruleset = { ...ruleset, rules: [{ ...rule, enabled: true }] };
  const [alert] = createEngine({ ruleset: only }).process(event);
  const { says, expected, place } = one;
  const finding =
    expected === 'fires' ? problemOfFiring(alert?.message, trial) : problemOfSilence(alert?.message, trial);
  return { rule: rule.name, says, expected, place, ...finding };
}

type Finding = Pick<RuleTestResult, 'problem' | 'because'>;

function problemOfFiring(message: string | undefined, { rule, one, event, condition }: Trial): Finding {
  if (message === undefined) {
    const [obstacle] = obstaclesOfEvent(rule, event);
    const problem = obstacle === undefined ? 'it does not fire' : `it does not fire: ${obstacle.says}`;
    return { problem, because: reasonsOf(condition).because };
  }
  const missing = one.output.filter((text) => !message.includes(text));
  return missing.length === 0 ? {} : { problem: `${JSON.stringify(missing)} is missing in: ${message}` };
}

function problemOfSilence(message: string | undefined, { ruleset, rule, one, event, condition }: Trial): Finding {
  if (message !== undefined) return { problem: `it fires: ${message}` };
  if (one.because === undefined) return {};
  const source = obstaclesOfEvent(rule, event).find(({ kind }) => kind === 'source');
  if (source !== undefined) return { problem: `it is silent, but because ${source.says}` };
  const reason = expectedReason(one.because, rule, ruleset.lists);
  if (!reason.ok) return { problem: reason.message };
  if (failedParts(condition).has(reason.part)) return {};
  return { problem: `it is silent, but not because of "${one.because}"`, because: reasonsOf(condition).because };
}

function eventOf(test: RuleTest, one: TestCase): DetectorEvent {
  const changed = merged(test.event, one.with);
  const fields = Object.fromEntries(
    Object.entries(isObject(changed) ? changed : {}).filter(([name]) => !one.without.includes(name)),
  );
  return 'evt.type' in fields ? new MapEvent(fields) : new AuditEvent(fields, 1);
}

/** Objects are merged key by key; anything else takes the place of what was there. */
function merged(base: JsonValue, change: JsonValue): JsonValue {
  if (!isObject(base) || !isObject(change)) return change;
  const entries = Object.entries(change).map(([key, value]): [string, JsonValue] => [
    key,
    merged(base[key] ?? null, value),
  ]);
  return { ...base, ...Object.fromEntries(entries) };
}
