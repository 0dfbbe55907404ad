import { readTestFile, type RuleTest } from '../../../../detector/ruletest/test-file.ts';

const GOOD = `
- rule: R
  event: &shell { evt.type: execve, proc.name: sh }
  fires:
    - says: a shell
      output: [sh]
  silent:
    - says: another program
      with: { proc.name: vi }
      because: proc.name = sh
- rule: S
  event: { <<: *shell, proc.tty: 1 }
  fires: [{ says: a terminal }]
  silent:
    - says: nothing
      without: [proc.tty]
`;

describe('a file of rule tests', () => {
  test('has for each rule an event, and cases of firing and of silence', () => {
    expect(read(GOOD)).toEqual([
      {
        rule: 'R',
        event: { 'evt.type': 'execve', 'proc.name': 'sh' },
        place: { file: 't.yaml', line: 2, column: 3 },
        cases: [
          {
            says: 'a shell',
            expected: 'fires',
            with: {},
            without: [],
            output: ['sh'],
            place: { file: 't.yaml', line: 5, column: 7 },
          },
          {
            says: 'another program',
            expected: 'silent',
            with: { 'proc.name': 'vi' },
            without: [],
            output: [],
            because: 'proc.name = sh',
            place: { file: 't.yaml', line: 8, column: 7 },
          },
        ],
      },
      expect.objectContaining({ rule: 'S', event: { 'evt.type': 'execve', 'proc.name': 'sh', 'proc.tty': 1 } }),
    ]);
  });

  test.each([
    ['', 1, 1, 'the file: it must be a list, and it is null'],
    ['[]', 1, 1, 'the file: it must not be empty'],
    ['rule: R', 1, 1, 'the file: it must be a list, and it is a map'],
    ['- rule: [', 1, 10, 'Flow sequence'],
    ['- rule: R\n  event: *shell', 2, 10, 'nothing before is called &shell'],
    ['- rule: R\n  event: { <<: 3 }', 1, 1, 'Merge sources must be maps'],
    ['- macro: m', 1, 3, 'rule test 1, rule: it must be a text, and it is missing'],
    [
      GOOD.replace('proc.name: sh }', 'proc.name: sh }\n  tags: [a]'),
      4,
      3,
      'no key "tags" here, only rule, event, fires, silent',
    ],
    [
      GOOD.replace('&shell {', '&shell [').replace('sh }', 'sh ]'),
      3,
      17,
      'rule test 1, event: it must be a map, and it is a list',
    ],
    [
      GOOD.replace('says: a shell', 'says: 3'),
      5,
      13,
      'rule test 1, fires 1, says: it must be a text, and it is number',
    ],
    [GOOD.replace('says: nothing', 'says: ""'), 15, 13, 'rule test 2, silent 1, says: it must not be empty'],
    [GOOD.replace('[proc.tty]', '[proc.tty, 3]'), 16, 27, 'rule test 2, silent 1, without 2: it must be a text'],
    [GOOD.replace('because', 'becuase'), 10, 7, 'no key "becuase" here, only says, with, without, because'],
    [GOOD.replace('output: [sh]', 'because: x'), 6, 7, 'no key "because" here, only says, with, without, output'],
  ])('is refused with the place and what is expected: %j', (content, line, column, message) => {
    const result = readTestFile({ name: 't.yaml', content });
    expect(result).toMatchObject({ ok: false, place: { file: 't.yaml', line, column } });
    expect(result).toMatchObject({ message: expect.stringContaining(message) as string });
  });
});

function read(content: string): readonly RuleTest[] {
  const result = readTestFile({ name: 't.yaml', content });
  if (!result.ok) throw new Error(result.message);
  return result.tests;
}
