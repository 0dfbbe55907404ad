import { parse } from 'yaml';
import { z } from 'zod';
import { createEngine } from '../engine/index.ts';
import { AuditEvent } from '../event/audit-event.ts';
import { isObject } from '../event/json-path.ts';
import type { JsonValue } from '../event/json.ts';
import { MapEvent } from '../event/map-event.ts';
import type { DetectorEvent } from '../event/types.ts';
import type { Ruleset } from '../ruleset/index.ts';

/** One thing that a rule has to say of an event: that it fires, or that it does not. */
export interface RuleTestResult {
  readonly rule: string;
  readonly says: string;
  readonly expected: 'fires' | 'silent';
  /** Why the test does not pass; undefined when it does. */
  readonly problem?: string;
}

/** Events of rule tests are objects: field maps, or Kubernetes audit events. */
const event = z.record(z.string(), z.unknown());
const testCase = z.strictObject({
  says: z.string().min(1),
  /** What is different from the `event` of the rule's tests, field by field. */
  with: event.optional(),
  /** Names of fields that are left out. */
  without: z.array(z.string()).optional(),
  /** Texts that the output has to contain. */
  output: z.array(z.string()).optional(),
});
const ruleTest = z.strictObject({
  rule: z.string().min(1),
  event,
  fires: z.array(testCase).min(1),
  silent: z.array(testCase).min(1),
});
const testFile = z.array(ruleTest).min(1);
type RuleTest = z.infer<typeof ruleTest>;
type TestCase = z.infer<typeof testCase>;

/**
 * Runs a file of rule tests (YAML; the form is explained in rules/tests/README.md) against rules. Throws for a file
 * that does not have the form.
 */
export function runRuleTests(ruleset: Ruleset, content: string): readonly RuleTestResult[] {
  return testFile.parse(parse(content, { merge: true })).flatMap((test) => runTest(ruleset, test));
}

function runTest(ruleset: Ruleset, test: RuleTest): readonly RuleTestResult[] {
  const rule = ruleset.rules.find(({ name }) => name === test.rule);
  if (rule === undefined) {
    return [{ rule: test.rule, says: 'the rule exists', expected: 'fires', problem: 'there is no rule of this name' }];
  }
  const only: Ruleset = { ...ruleset, rules: [{ ...rule, enabled: true }] };
  return [
    ...test.fires.map((one) => judge(only, test, one, 'fires')),
    ...test.silent.map((one) => judge(only, test, one, 'silent')),
  ];
}

function judge(ruleset: Ruleset, test: RuleTest, one: TestCase, expected: 'fires' | 'silent'): RuleTestResult {
  const [alert] = createEngine({ ruleset }).process(eventOf(test, one));
  const problem = problemOf(alert?.message, one, expected);
  const result = { rule: test.rule, says: one.says, expected };
  return problem === undefined ? result : { ...result, problem };
}

function problemOf(message: string | undefined, one: TestCase, expected: 'fires' | 'silent'): string | undefined {
  if (expected === 'silent') return message === undefined ? undefined : `it fires: ${message}`;
  if (message === undefined) return 'it does not fire';
  const missing = (one.output ?? []).filter((text) => !message.includes(text));
  return missing.length === 0 ? undefined : `${JSON.stringify(missing)} is missing in: ${message}`;
}

function eventOf(test: RuleTest, one: TestCase): DetectorEvent {
  const changed = merged(test.event as JsonValue, (one.with ?? {}) as JsonValue);
  const fields = Object.fromEntries(
    Object.entries(isObject(changed) ? changed : {}).filter(([name]) => !(one.without ?? []).includes(name)),
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
