import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../../core/index.ts';
import type { JsonValue } from '../event/json.ts';
import type { Place, RulesFile } from '../ruleset/types.ts';
import { offsetOfKey, offsetOfValue, unresolvedAlias, type Path } from './yaml-path.ts';

/** What a rule has to say of an event and of variations of it. */
export interface RuleTest {
  readonly rule: string;
  readonly event: JsonValue;
  readonly place: Place;
  readonly cases: readonly TestCase[];
}

export interface TestCase {
  readonly says: string;
  readonly expected: 'fires' | 'silent';
  /** What is different from the event of the test, key by key. */
  readonly with: JsonValue;
  /** Names of fields that are left out. */
  readonly without: readonly string[];
  /** Texts that the output has to contain. */
  readonly output: readonly string[];
  /** The check or macro that the rule has to be silent for. */
  readonly because?: string;
  readonly place: Place;
}

/** The tests of a file, or where it does not have their form, and what is expected there. */
export type TestFileResult =
  | { readonly ok: true; readonly tests: readonly RuleTest[] }
  | { readonly ok: false; readonly place: Place; readonly message: string };

/** Reads a file of rule tests: YAML, in the form that rules/tests/README.md explains. Never throws. */
export function readTestFile({ name, content }: RulesFile): TestFileResult {
  const lines = new LineCounter();
  const document = parseDocument(content, { merge: true, lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problem = yamlProblem(document) ?? formProblem(document);
  if (problem !== undefined) return { ok: false, place: placeAt(problem.offset), message: problem.message };
  const tests = testFile.parse(contentOf(document));
  const placeOf = (path: Path) => placeAt(offsetOfValue(document, path));
  return { ok: true, tests: tests.map((test, index) => ruleTestOf(test, index, placeOf)) };
}

/** Events are maps: of fields, or Kubernetes audit events. */
const event = z.record(z.string(), z.unknown());
const texts = z.array(z.string());
const anyCase = { says: z.string().min(1), with: event.default({}), without: texts.default([]) };
const ruleTest = z.strictObject({
  rule: z.string().min(1),
  event,
  fires: z.array(z.strictObject({ ...anyCase, output: texts.default([]) })).min(1),
  silent: z.array(z.strictObject({ ...anyCase, because: z.string().min(1).optional() })).min(1),
});
const testFile = z.array(ruleTest).min(1);

/** One anchor is used by as many tests as one likes. */
function contentOf(document: Document): unknown {
  return document.toJS({ maxAliasCount: -1 });
}

interface Problem {
  readonly offset: number;
  readonly message: string;
}

function yamlProblem(document: Document): Problem | undefined {
  const [error] = document.errors;
  if (error !== undefined) return { offset: error.pos[0], message: error.message };
  const alias = unresolvedAlias(document);
  if (alias !== undefined) {
    return { offset: alias.range?.[0] ?? 0, message: `nothing before is called &${alias.source}` };
  }
  try {
    contentOf(document);
    return undefined;
  } catch (error) {
    return { offset: 0, message: messageOf(error) };
  }
}

function formProblem(document: Document): Problem | undefined {
  const [issue] = testFile.safeParse(contentOf(document)).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const path = issue.path as Path;
  const way = wayWords(path);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const message = `${way}: there is no key "${key}" here, only ${knownKeys(path).join(', ')}`;
    return { offset: offsetOfKey(document, [...path, key]), message };
  }
  return { offset: offsetOfValue(document, path), message: `${way}: ${expectation(issue)}` };
}

/** `rule test 2, silent 1, says`, all counted from 1. */
function wayWords(path: Path): string {
  const [test, ...rest] = path;
  if (typeof test !== 'number') return 'the file';
  const words = rest.map((step) => (typeof step === 'number' ? ` ${String(step + 1)}` : `, ${step}`));
  return `rule test ${String(test + 1)}${words.join('')}`;
}

function knownKeys([, list]: Path): readonly string[] {
  if (list === 'fires' || list === 'silent') return Object.keys(ruleTest.shape[list].element.shape);
  return Object.keys(ruleTest.shape);
}

const KINDS: Readonly<Record<string, string>> = { array: 'a list', record: 'a map', object: 'a map', string: 'a text' };

function expectation({ code, message }: z.core.$ZodIssue): string {
  if (code === 'too_small') return 'it must not be empty';
  const [, expected = '', received = ''] = /expected (\w+), received (\w+)/.exec(message) ?? [];
  if (KINDS[expected] === undefined) return message;
  const found = received === 'undefined' ? 'it is missing' : `it is ${KINDS[received] ?? received}`;
  return `it must be ${KINDS[expected]}, and ${found}`;
}

function ruleTestOf(test: z.infer<typeof ruleTest>, index: number, placeOf: (path: Path) => Place): RuleTest {
  const fires = test.fires.map((one, position): TestCase => ({
    ...one,
    with: one.with as JsonValue,
    expected: 'fires',
    place: placeOf([index, 'fires', position]),
  }));
  const silent = test.silent.map(({ because, ...one }, position): TestCase => ({
    ...one,
    with: one.with as JsonValue,
    output: [],
    ...(because === undefined ? {} : { because }),
    expected: 'silent',
    place: placeOf([index, 'silent', position]),
  }));
  return { rule: test.rule, event: test.event as JsonValue, place: placeOf([index]), cases: [...fires, ...silent] };
}
