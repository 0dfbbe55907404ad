import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import { PROVIDED } from '../../detector/enrich/provided.ts';
import { loadRules } from '../../detector/ruleset/index.ts';
import { runRuleTests } from '../../detector/ruletest/rule-tests.ts';
import { readTestFile } from '../../detector/ruletest/test-file.ts';

const folder = join(packageRoot(), 'detector', 'rules');
const yamlFiles = (path: string) =>
  readdirSync(path)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name, content: readFileSync(join(path, name), 'utf8') }));

const files = yamlFiles(folder);
const tests = yamlFiles(join(folder, 'tests'));
const loaded = loadRules(files, { provision: PROVIDED });
const { ruleset } = loaded;
if (ruleset === undefined) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
const { results } = runRuleTests(
  ruleset,
  tests.flatMap((file) => {
    const read = readTestFile(file);
    if (!read.ok) throw new Error(`${read.place.file}:${String(read.place.line)}: ${read.message}`);
    return read.tests;
  }),
);

describe('the rules of our own', () => {
  test('load without an error or a warning, with what the sensor provides', () => {
    expect([...loaded.errors, ...loaded.warnings]).toEqual([]);
  });

  test.each(ruleset.rules.map(({ name }) => name))(
    '%s says what it is, and has tests of firing and of silence',
    (name) => {
      const rule = ruleset.rules.find((one) => one.name === name);
      const own = results.filter((result) => result.rule === name);
      expect(rule?.description).toMatch(/^[A-Z].+\.$/);
      expect(rule?.tags.length).toBeGreaterThan(0);
      expect(new Set(own.map(({ expected }) => expected))).toEqual(new Set(['fires', 'silent']));
    },
  );

  test.each(results.map((result) => [result.rule, result.expected, result.says, result.problem] as const))(
    '%s: %s for %s',
    (_rule, _expected, _says, problem) => {
      expect(problem).toBeUndefined();
    },
  );
});
