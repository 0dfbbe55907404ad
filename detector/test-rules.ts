import { API_VERSION, usageError } from '../core/index.ts';
import { loadRulesFrom } from './recording/load-rules.ts';
import { readRuleTestFiles } from './recording/rules-files.ts';
import type { RulesFile } from './ruleset/index.ts';
import type { Coverage } from './ruletest/coverage.ts';
import { runRuleTests, type RuleTestResult } from './ruletest/rule-tests.ts';
import { readTestFile, type RuleTest } from './ruletest/test-file.ts';

export interface RuleTestOptions {
  /** Files of rule tests, or folders of them. */
  readonly files: readonly string[];
  /** Rules files or folders; without them, the rules that the project ships. */
  readonly rules?: readonly string[];
}

/** What `detector test --json` prints. */
export interface RuleTestReport {
  readonly apiVersion: string;
  readonly successful: boolean;
  readonly passed: number;
  readonly failed: number;
  /** Those that fail first, else in the order of the files. */
  readonly results: readonly RuleTestResult[];
  readonly coverage: Coverage;
}

/**
 * Runs the unit tests of rules. Fails with KubedrillError when files cannot be read or do not have the form, naming the
 * place, and when the rules do not load; a test that does not pass is a result.
 */
export async function testRules({ files, rules }: RuleTestOptions): Promise<RuleTestReport> {
  const tests = (await readRuleTestFiles(files)).flatMap(testsOf);
  const { results, coverage } = runRuleTests(await loadRulesFrom(rules), tests);
  const failing = results.filter(({ problem }) => problem !== undefined);
  const passing = results.filter(({ problem }) => problem === undefined);
  return {
    apiVersion: API_VERSION,
    successful: failing.length === 0,
    passed: passing.length,
    failed: failing.length,
    results: [...failing, ...passing],
    coverage,
  };
}

function testsOf(file: RulesFile): readonly RuleTest[] {
  const result = readTestFile(file);
  if (result.ok) return result.tests;
  const { place, message } = result;
  throw usageError({
    what: `${place.file}:${String(place.line)}:${String(place.column)} does not have the form of rule tests`,
    why: message,
    hint: 'a rule test has rule, event, fires and silent; detector/rules/tests/README.md explains them',
  });
}
