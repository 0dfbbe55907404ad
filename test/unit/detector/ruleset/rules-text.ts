import { loadRules, type CompiledRule, type LoadOptions, type LoadResult } from '../../../../detector/ruleset/index.ts';

/** Loads texts as the files a.yaml, b.yaml, … */
export function loadTexts(contents: readonly string[], options: LoadOptions = {}): LoadResult {
  return loadRules(
    contents.map((content, index) => ({ name: `${String.fromCharCode(97 + index)}.yaml`, content })),
    options,
  );
}

/** A rule with the given keys; those that a rule must have are filled in. */
export function ruleText(keys: Readonly<Record<string, string>> = {}): string {
  const all = { desc: 'something', condition: 'evt.type = open', output: 'x', priority: 'INFO', ...keys };
  const lines = Object.entries(all).map(([key, value]) => `  ${key}: ${value}\n`);
  return `- rule: R\n${lines.join('')}`;
}

/** The one rule of a load that succeeds. */
export function onlyRule(result: LoadResult): CompiledRule {
  const [rule] = result.ruleset?.rules ?? [];
  if (rule === undefined) throw new Error(JSON.stringify(result.errors, null, 2));
  return rule;
}

/** `code: message` of all errors. */
export function errorsOf(result: LoadResult): readonly string[] {
  return result.errors.map(({ code, message }) => `${code}: ${message}`);
}

export function warningsOf(result: LoadResult): readonly string[] {
  return result.warnings.map(({ code, message }) => `${code}: ${message}`);
}
