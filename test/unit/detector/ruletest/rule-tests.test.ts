import { runRuleTests, type RuleTestOutcome, type RuleTestResult } from '../../../../detector/ruletest/rule-tests.ts';
import { readTestFile } from '../../../../detector/ruletest/test-file.ts';
import { loadTexts, ruleText } from '../ruleset/rules-text.ts';

const RULES = [
  '- list: shell_names\n  items: [sh, "a b"]\n',
  '- macro: shells\n  condition: proc.name in (shell_names)\n',
  '- macro: expected\n  condition: proc.pname = cron\n',
  ruleText({
    condition: 'evt.type = open and shells and (user.uid = 0 or user.uid = 1) and not expected',
    output: '"name=%proc.name"',
    enabled: 'false',
  }),
].join('');

describe('rule tests', () => {
  test('pass where the rule fires and is silent as they say, also for a rule that is switched off', () => {
    expect(problems({ fires: '[{ says: root }]', silent: '[{ says: vi, with: { proc.name: vi } }]' })).toEqual([]);
  });

  test('say of a rule that does not fire what it is false for', () => {
    const [result] = failing({ fires: '[{ says: vi, with: { proc.name: vi } }]' });
    expect(result).toMatchObject({ expected: 'fires', says: 'vi', problem: 'it does not fire' });
    expect(result?.because).toEqual([
      {
        text: 'proc.name in (sh, "a b")',
        verdict: 'false',
        fields: [{ name: 'proc.name', state: 'value', values: ['vi'] }],
        macros: ['shells'],
      },
    ]);
  });

  test('say that the event is one of which the rule is not asked', () => {
    expect(problems({ fires: '[{ says: another type, with: { evt.type: close } }]' })).toEqual([
      'it does not fire: it looks only at open, and this is close',
    ]);
    expect(problems({ fires: '[{ says: an audit event, without: [evt.type] }]' })).toEqual([
      'it does not fire: it reads syscall events, and this is one of k8s_audit',
    ]);
  });

  test('say what is missing in the output, and what fires though it ought not to', () => {
    expect(problems({ fires: '[{ says: x, output: [name=sh, name=vi] }]' })).toEqual([
      '["name=vi"] is missing in: name=sh',
    ]);
    expect(problems({ silent: '[{ says: x }]' })).toEqual(['it fires: name=sh']);
  });

  test('say that there is no such rule, and the nearest', () => {
    const [result] = failing({ rule: 'Q' });
    expect(result?.problem).toBe('there is no rule of this name; the nearest: R');
  });

  test.each([
    ['proc.name in (shell_names)', '{ proc.name: vi }'],
    ['proc.name   in (sh,"a b")', '{ proc.name: vi }'],
    ['shells', '{ proc.name: vi }'],
    ['user.uid = 0', '{ user.uid: 7 }'],
    ['not expected', '{ proc.pname: cron }'],
    ['not proc.pname = cron', '{ proc.pname: cron }'],
    ['evt.type = open', '{ evt.type: close }'],
  ])('take %s as the reason for the silence of %s', (because, changes) => {
    expect(problems({ silent: `[{ says: x, with: ${changes}, because: '${because}' }]` })).toEqual([]);
  });

  test('say that a rule is silent for another reason than the one that is named', () => {
    const [result] = failing({ silent: '[{ says: x, with: { proc.name: vi, user.uid: 7 }, because: user.uid = 0 }]' });
    expect(result?.problem).toBe('it is silent, but not because of "user.uid = 0"');
    expect(result?.because?.map(({ text }) => text)).toEqual(['proc.name in (sh, "a b")']);
  });

  test.each([
    ['shellz', 'the condition has no check or macro "shellz"; the nearest: shells'],
    ['expected', 'the condition has no check or macro "expected"; the nearest: not expected'],
    ['shells and expected', '"shells and expected" is more than one check or macro'],
    ['proc.name', '"proc.name" is no part of a condition: '],
  ])('refuse %s as a reason', (because, message) => {
    const [problem] = problems({ silent: `[{ says: x, with: { proc.name: vi }, because: '${because}' }]` });
    expect(problem).toContain(message);
  });

  test('take no reason from an event of another source', () => {
    expect(problems({ silent: '[{ says: x, without: [evt.type], because: evt.type = open }]' })).toEqual([
      'it is silent, but because it reads syscall events, and this is one of k8s_audit',
    ]);
  });
});

describe('the coverage of rule tests', () => {
  test('names the checks that were never true, or never false, with the macros that lead to them', () => {
    const { coverage } = run({ fires: '[{ says: x }]', silent: '[{ says: vi, with: { proc.name: vi } }]' });
    expect(coverage).toEqual({
      percent: 60,
      rules: [
        {
          rule: 'R',
          percent: 60,
          answers: { seen: 6, of: 10 },
          never: [
            { text: 'evt.type = open', never: 'false', macros: [] },
            { text: 'user.uid = 0', never: 'false', macros: [] },
            { text: 'user.uid = 1', never: 'true', macros: [] },
            { text: 'proc.pname = cron', never: 'true', macros: ['expected'] },
          ],
        },
      ],
    });
  });

  test('is whole where each check had both answers, missing being false', () => {
    const fires = '[{ says: x }, { says: y, with: { user.uid: 1 } }]';
    const silent = [
      '{ says: a, without: [proc.name] }',
      '{ says: b, with: { evt.type: close } }',
      '{ says: c, with: { proc.pname: cron } }',
    ];
    const { coverage } = run({ fires, silent: `[${silent.join(', ')}]` });
    expect(coverage).toMatchObject({ percent: 100, rules: [{ percent: 100, never: [] }] });
  });

  test('adds up the tests of one rule, and knows nothing of rules that are not there', () => {
    const content = `${testText({})}${testText({ fires: '[{ says: y, with: { user.uid: 1 } }]' })}${testText({ rule: 'Q' })}`;
    const { coverage } = runText(content);
    expect(coverage.rules.map(({ rule }) => rule)).toEqual(['R']);
    expect(coverage.rules[0]?.never.map(({ text }) => text)).not.toContain('user.uid = 1');
  });
});

interface Parts {
  readonly rule?: string;
  readonly fires?: string;
  readonly silent?: string;
}

function problems(parts: Parts): readonly string[] {
  return failing(parts).map(({ problem }) => problem ?? '');
}

function failing(parts: Parts): readonly RuleTestResult[] {
  return run(parts).results.filter(({ problem }) => problem !== undefined);
}

function run(parts: Parts): RuleTestOutcome {
  return runText(testText(parts));
}

function testText({ rule = 'R', fires, silent }: Parts): string {
  return [
    `- rule: ${rule}`,
    '  event: { evt.type: open, proc.name: sh, user.uid: 0 }',
    `  fires: ${fires ?? '[{ says: x }]'}`,
    `  silent: ${silent ?? '[{ says: vi, with: { proc.name: vi } }]'}`,
    '',
  ].join('\n');
}

function runText(content: string): RuleTestOutcome {
  const { ruleset, errors } = loadTexts([RULES]);
  const file = readTestFile({ name: 't.yaml', content });
  if (ruleset === undefined || !file.ok) throw new Error(JSON.stringify([errors, file]));
  return runRuleTests(ruleset, file.tests);
}
