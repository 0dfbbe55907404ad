import fc from 'fast-check';
import { loadRules } from '../../../../detector/ruleset/index.ts';
import { errorsOf, loadTexts, onlyRule, ruleText, warningsOf } from './rules-text.ts';

describe('loadRules', () => {
  test('compiles a rule with its lists and macros', () => {
    const rule = onlyRule(
      loadTexts([
        `- list: shells\n  items: [sh, "b sh"]\n- macro: opened\n  condition: evt.type in (open, openat)\n${ruleText({
          condition: 'opened and proc.name in (zsh, shells) and not proc.cmdline contains "a shells b"',
          tags: '[b, a, b]',
          priority: 'warning',
        })}`,
      ]),
    );
    expect(rule).toMatchObject({
      name: 'R',
      source: 'syscall',
      priority: 'Warning',
      tags: ['a', 'b'],
      enabled: true,
      conditionText:
        '(evt.type in (open, openat) and proc.name in (zsh, sh, "b sh") and not proc.cmdline contains "a shells b")',
      place: { file: 'a.yaml', line: 5, column: 3 },
    });
    expect(rule.eventTypes).toEqual(new Set(['open', 'openat']));
  });

  test('finds all problems of all files at once', () => {
    const result = loadTexts([
      `${ruleText({ condition: 'proc.nome = x' })}\n- rule: S\n  desc: d\n- list: l\n`,
      `- macro: m\n  condition: a andb\n- foo: bar\n`,
    ]);
    expect(result.ruleset).toBeUndefined();
    expect(errorsOf(result)).toEqual([
      "LOAD_ERR_YAML_VALIDATE: Item has no mapping for key 'condition'",
      "LOAD_ERR_YAML_VALIDATE: Item has no mapping for key 'items'",
      "LOAD_ERR_COMPILE_CONDITION: expected blank or '(' after 'and'",
      'LOAD_ERR_COMPILE_CONDITION: filter_check called with nonexistent field proc.nome',
    ]);
    expect(warningsOf(result)).toContain('LOAD_UNKNOWN_ITEM: Unknown top level item');
  });

  test('points at the line that a person wrote, through folding, appending and macros', () => {
    const result = loadTexts([
      '- macro: bad\n  condition: >\n    evt.type = open\n    and proc.nome = x\n',
      `${ruleText({ condition: 'bad' })}\n- rule: R\n  condition: and fd.nome = y\n  override: { condition: append }\n`,
    ]);
    expect(result.errors).toMatchObject([
      { file: 'a.yaml', line: 4, column: 9, snippet: '    and proc.nome = x\n        ^' },
      { file: 'b.yaml', line: 8, column: 18, snippet: '  condition: and fd.nome = y\n                 ^' },
    ]);
    expect(result.errors[0]?.impact).toContain('never fire');
  });

  test('points at the right place behind a list that was expanded', () => {
    const list = '- list: l\n  items: [a, b, c]\n';
    const result = loadTexts([`${list}${ruleText({ condition: 'proc.name in (l) and proc.nome = x' })}`]);
    expect(result.errors).toMatchObject([{ line: 5, column: 35, snippet: expect.stringContaining('proc.nome') }]);
  });

  test('reports what is wrong with a macro once, and not again for the rules that use it', () => {
    const use = ruleText({ condition: 'bad' });
    const result = loadTexts([`- macro: bad\n  condition: a b\n${use}${use.replace('R', 'S')}`]);
    expect(errorsOf(result)).toHaveLength(1);
  });

  test.each([
    ['a: b', 'Rules content is not yaml array of objects'],
    ['words', 'Rules content is not yaml'],
    ['- words', 'Unexpected element type'],
    ['- rule:', "Mapping for key 'rule' is empty"],
    ['- list: l\n  items: x', 'Value is not a sequence'],
    ['- list: l\n  items: [[x]]', 'sequence value is not scalar'],
    [ruleText({ priority: 'LOUD' }), 'Invalid priority'],
    [ruleText({ enabled: 'perhaps' }), "Can't decode YAML scalar value"],
    [ruleText({ output: '"%proc.nome"' }), 'invalid formatting token proc.nome'],
    [ruleText({ output: '"100%"' }), 'formatting cannot end with a %'],
    ['- required_engine_version: 9999', 'Rules require engine version 0.9999.0'],
    ['- required_engine_version: x', 'Unable to parse engine version'],
    ['- required_plugin_versions: [{name: k8saudit, version: 99.0.0}]', 'Plugin requirement not satisfied'],
    ['- required_plugin_versions: [{name: k8saudit, version: x}]', "Invalid required version 'x'"],
    [
      `- macro: a\n  condition: b\n- macro: b\n  condition: evt.num = 0\n${ruleText({ condition: 'a' })}`,
      "Undefined macro 'b'",
    ],
    [`- macro: a\n  condition: evt.num = 0\n- macro: a\n  condition: a\n`, "reference loop in macro 'a'"],
    ['- rule: [', ''],
  ])('refuses %j', (content, message) => {
    const errors = errorsOf(loadTexts([content]));
    expect(errors.join()).toContain(message);
    expect(errors).not.toEqual([]);
  });

  test.each([
    ['', 0],
    ['---\n---\n', 0],
    ['- \n', 0],
    [`---\n${ruleText()}---\n${ruleText().replace('R', 'S')}`, 2],
    ['- required_engine_version: 15', 0],
    ['- required_plugin_versions: [{name: x, version: 1.0.0, alternatives: [{name: json, version: 0.1.0}]}]', 0],
  ])('loads %j', (content, count) => {
    const result = loadTexts([content]);
    expect(errorsOf(result)).toEqual([]);
    expect(result.ruleset?.rules).toHaveLength(count);
  });

  test.each([
    [ruleText({ source: 'aws_cloudtrail' }), 'LOAD_UNKNOWN_SOURCE: Unknown source aws_cloudtrail, skipping'],
    [ruleText({ typo: 'x' }), "LOAD_UNKNOWN_KEY: Unknown key 'typo'"],
    [ruleText({ condition: 'proc.name = x' }), 'LOAD_NO_EVTTYPE'],
    [ruleText({ condition: 'evt.type != open' }), 'LOAD_NO_EVTTYPE'],
    [
      ruleText({ condition: 'evt.type = open and evt.dir = <' }),
      "LOAD_DEPRECATED_ITEM: usage of deprecated field 'evt.dir'",
    ],
    [ruleText({ output: '"%evt.latency"' }), "LOAD_DEPRECATED_ITEM: usage of deprecated field 'evt.latency'"],
    [ruleText({ source: 'k8s_audit', condition: 'ka.verb = <NA>' }), 'LOAD_UNSAFE_NA_CHECK'],
    [ruleText({ condition: 'evt.type = open and proc.name = proc.pname' }), 'LOAD_COMPILE_CONDITION'],
    ['- list: a b\n  items: [x]', 'LOAD_INVALID_LIST_NAME'],
    ['- macro: a-b\n  condition: evt.num = 0', 'LOAD_INVALID_MACRO_NAME'],
    ['- list: l\n  items: [x]', "LOAD_UNUSED_LIST: List not referred to by any other rule/macro: 'l'"],
    ['- macro: m\n  condition: evt.num = 0', 'LOAD_UNUSED_MACRO'],
  ])('warns of %j', (content, message) => {
    const result = loadTexts([content]);
    expect(warningsOf(result).join('\n')).toContain(message);
    expect(errorsOf(result)).toEqual([]);
  });

  test('leaves out a rule that names what does not exist, when the rule says so', () => {
    const skipping = { 'skip-if-unknown-filter': 'true' };
    const result = loadTexts([
      ruleText({ ...skipping, condition: 'evt.type = open and proc.nome = x' }),
      ruleText({ ...skipping, condition: 'evt.type = opn' }).replace('R', 'S'),
      ruleText({ ...skipping, output: '"%proc.nome"' }).replace('R', 'T'),
    ]);
    expect(result.ruleset?.rules).toEqual([]);
    expect(warningsOf(result).filter((warning) => warning.startsWith('LOAD_UNKNOWN_FILTER'))).toHaveLength(3);
  });

  test('names fields and events that nobody provides, and switches such rules off', () => {
    const result = loadTexts(
      [
        ruleText({ condition: 'evt.type = openat and not proc.env contains X' }),
        ruleText({ condition: 'evt.type = ptrace' }).replace('R', 'S'),
        ruleText({ condition: 'evt.type in (openat, unlink)' }).replace('R', 'T'),
      ],
      {
        provision: {
          eventTypes: new Set(['openat']),
          fields: new Set(['evt.type', 'evt.num']),
          eventArguments: new Set(),
        },
      },
    );
    expect(warningsOf(result)).toEqual([
      "LOAD_NOT_PROVIDED: field proc.env is not provided yet: rule 'R' cannot fire",
      "LOAD_NOT_PROVIDED: event ptrace is not provided yet: rule 'S' cannot fire",
      "LOAD_PARTLY_PROVIDED: event unlink is not provided yet: rule 'T' does not see them",
    ]);
    expect(result.ruleset?.rules.map(({ enabled }) => enabled)).toEqual([false, false, true]);
  });

  test.each([
    [
      'macros',
      Array.from(
        { length: 30 },
        (_, i) =>
          `- macro: m${String(i)}\n  condition: ${i === 0 ? 'evt.num = 0' : `m${String(i - 1)} or m${String(i - 1)}`}\n`,
      ),
    ],
    [
      'lists',
      Array.from(
        { length: 30 },
        (_, i) => `- list: l${String(i)}\n  items: [${i === 0 ? '' : `l${String(i - 1)}, l${String(i - 1)}`}]\n`,
      ),
    ],
  ])('refuses %s of themselves that multiply beyond measure', (_what, items) => {
    expect(errorsOf(loadTexts([items.join('')])).join()).toMatch(/more than \d+ (checks|items)/);
  });

  test('answers any text without throwing', () => {
    const line = fc.constantFrom(
      '- rule: a',
      '- macro: m',
      '- list: l',
      '  items: [a, l]',
      '  condition: m and (',
      '  override: {a: b}',
      '  output: "%"',
      '  exceptions: [{}]',
      '- &x [*x]',
      ': : :',
      '\t',
      '---',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(line).map((lines) => lines.join('\n')),
        ),
        (content) => {
          expect(Array.isArray(loadRules([{ name: 'x', content }]).errors)).toBe(true);
        },
      ),
    );
  });
});
