import { Chalk } from 'chalk';
import { ruleTestsText } from '../../../../cli/render/rule-tests.ts';
import { ruleTestSchema } from '../../../../cli/schemas/detector.ts';
import type { RuleTestReport } from '../../../../detector/index.ts';

const plain = new Chalk({ level: 0 });
const place = { file: 't.yaml', line: 3, column: 7 };
const REPORT: RuleTestReport = {
  apiVersion: 'kubedrill/v1',
  successful: false,
  passed: 1,
  failed: 1,
  results: [
    {
      rule: 'R',
      says: 'a shell',
      expected: 'fires',
      place,
      problem: 'it does not fire',
      because: [
        {
          text: 'proc.name in (sh, bash)',
          verdict: 'false',
          fields: [{ name: 'proc.name', state: 'value', values: ['vi'] }],
          macros: ['shells'],
        },
      ],
    },
    { rule: 'R', says: 'an editor', expected: 'silent', place },
  ],
  coverage: {
    percent: 75,
    rules: [
      {
        rule: 'R',
        percent: 75,
        answers: { seen: 3, of: 4 },
        never: [{ text: 'evt.type = open', never: 'false', macros: ['opens', 'reads'] }],
      },
    ],
  },
};

describe('rule tests in a terminal', () => {
  test('are a line for each case, with the place and the reason where one fails', () => {
    expect(ruleTestsText(REPORT, 'percentages', plain, 100)).toBe(
      [
        '✗ R: fires for a shell',
        '    t.yaml:3',
        '    it does not fire; the reasons:',
        '    ✗ proc.name in (sh, bash) – is vi, in shells',
        '✓ R: is silent for an editor',
        '',
        'Coverage: each check should be true in one case, and false in another',
        '  75 %  R',
        '  75 %  in all',
        '',
        '1 of 2 cases pass',
        '',
      ].join('\n'),
    );
  });

  test('name the checks that were not tried where that is asked for', () => {
    expect(ruleTestsText(REPORT, 'untried checks', plain, 100)).toContain(
      '  75 %  R\n         never false: evt.type = open – in opens › reads\n',
    );
  });

  test('fit the terminal', () => {
    const [failing, passing] = REPORT.results;
    if (failing === undefined || passing === undefined) throw new Error('no results');
    const long = { ...failing, says: 'x'.repeat(200), problem: 'it fires: '.concat('y '.repeat(200)) };
    const text = ruleTestsText({ ...REPORT, results: [long, passing] }, 'untried checks', plain, 40);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  test('have the documented form as JSON', () => {
    expect(ruleTestSchema.parse(REPORT)).toEqual(REPORT);
    expect(ruleTestSchema.safeParse({ ...REPORT, luck: 7 }).success).toBe(false);
  });
});
