import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../core/index.ts';
import { testRules } from '../../../detector/test-rules.ts';
import { ruleText } from './ruleset/rules-text.ts';

const TESTS = [
  '- rule: R',
  '  event: { evt.type: open }',
  '  fires: [{ says: an open }, { says: a close, with: { evt.type: close } }]',
  '  silent: [{ says: a close, with: { evt.type: close } }]',
  '',
].join('\n');

describe('tests of rules in files', () => {
  let folder: string;
  const path = (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubedrill-rule-tests-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('are run against rules, and those that fail come first', async () => {
    const report = await testRules({ files: [path('t.yaml', TESTS)], rules: [path('r.yaml', ruleText())] });
    expect(report).toMatchObject({ apiVersion: 'kubedrill/v1', successful: false, passed: 2, failed: 1 });
    expect(report.results.map(({ says, problem }) => [says, problem === undefined])).toEqual([
      ['a close', false],
      ['an open', true],
      ['a close', true],
    ]);
    expect(report.results[0]?.place).toEqual({ file: join(folder, 't.yaml'), line: 3, column: 30 });
  });

  test('are taken from folders, and the rules from kubedrill where no others are given', async () => {
    const report = await testRules({ files: [join(packageRoot(), 'detector', 'rules', 'tests')] });
    expect(report).toMatchObject({ successful: true, failed: 0 });
    expect(report.coverage.rules.map(({ rule }) => rule)).toContain('Terminal shell in container');
  });

  test.each([
    ['a file that is not there', 'no.yaml', undefined, /cannot read rule tests from .*no\.yaml/],
    ['a folder without tests', 'empty', undefined, /no rule tests in .*empty/],
    ['a file of another form', 'r.yaml', ruleText(), /r\.yaml:1:3 does not have the form.*event: it must be a map/],
  ])('fails for %s', async (_what, name, content, message) => {
    if (name === 'empty') mkdirSync(join(folder, name));
    if (content !== undefined) path(name, content);
    await expect(testRules({ files: [join(folder, name)] })).rejects.toThrow(message);
  });
});
