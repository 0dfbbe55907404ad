import { errorsOf, loadTexts, onlyRule, ruleText, warningsOf } from './rules-text.ts';

describe('a later definition of the same name', () => {
  test('takes the place of an earlier one', () => {
    const rule = onlyRule(loadTexts([ruleText(), ruleText({ condition: 'evt.type = close', desc: 'new' })]));
    expect(rule).toMatchObject({ conditionText: 'evt.type = close', description: 'new' });
  });

  test('must not be of another source', () => {
    const result = loadTexts([ruleText(), ruleText({ source: 'k8s_audit', condition: 'ka.verb = get' })]);
    expect(errorsOf(result).join()).toContain('re-defined with a different source');
  });

  test('is seen by macros that come later, and not by those before', () => {
    const list = (items: string) => `- list: l\n  items: [${items}]\n`;
    const rule = onlyRule(
      loadTexts([
        `${list('a')}- macro: m\n  condition: proc.name in (l)\n${list('b')}${ruleText({ condition: 'evt.type = open and m' })}`,
      ]),
    );
    expect(rule.conditionText).toBe('(evt.type = open and proc.name in (b))');
  });
});

describe('override', () => {
  test('adds to a rule, its output, description, tags and condition', () => {
    const rule = onlyRule(
      loadTexts([
        ruleText({ tags: '[a]' }),
        '- rule: R\n  condition: and proc.name = x\n  output: y\n  desc: else\n  tags: [b]\n  override: {condition: append, output: append, desc: append, tags: append}\n',
      ]),
    );
    expect(rule).toMatchObject({
      conditionText: '(evt.type = open and proc.name = x)',
      outputText: 'x y',
      description: 'something else',
      tags: ['a', 'b'],
    });
  });

  test('replaces parts of a rule', () => {
    const rule = onlyRule(
      loadTexts([
        ruleText({ enabled: 'false' }),
        '- rule: R\n  enabled: true\n  priority: ERROR\n  capture: true\n  capture_duration: 5\n  override: {enabled: replace, priority: replace, capture: replace, capture_duration: replace}\n',
      ]),
    );
    expect(rule).toMatchObject({ enabled: true, priority: 'Error', capture: true, captureDurationMs: 5 });
  });

  test('adds to lists and macros', () => {
    const rule = onlyRule(
      loadTexts([
        '- list: l\n  items: [a]\n- list: l\n  items: [b]\n  override: {items: append}\n- macro: m\n  condition: proc.name in (l)\n- macro: m\n  condition: or proc.name = c\n  append: true\n',
        ruleText({ condition: 'evt.type = open and m' }),
      ]),
    );
    expect(rule.conditionText).toBe('(evt.type = open and (proc.name in (a, b) or proc.name = c))');
  });

  test.each([
    ['  priority: INFO\n  override: {priority: append}', "Key 'priority' cannot be appended to"],
    ['  source: syscall\n  override: {source: replace}', "Key 'source' cannot be replaced"],
    ['  desc: x\n  override: {desc: merge}', "Invalid override operation for key 'desc': 'merge'"],
    ['  override: {desc: append}', "An append override for 'desc' was specified but 'desc' is not defined"],
    ['  desc: x\n  tags: [a]\n  override: {desc: append}', "Unexpected key 'tags'"],
    [
      '  desc: x\n  append: true\n  override: {desc: append}',
      "Keys 'override' and 'append: true' cannot be used together",
    ],
    ['  append: true', 'Appended rule must have exceptions or condition property'],
  ])('is refused as %j', (keys, message) => {
    expect(errorsOf(loadTexts([ruleText(), `- rule: R\n${keys}\n`])).join()).toContain(message);
  });

  test.each([
    ['- rule: N\n  condition: x\n  override: {condition: append}\n', 'no rule by that name'],
    ['- rule: N\n  condition: x\n  override: {condition: replace}\n', 'no rule by that name'],
    ['- rule: N\n  enabled: true\n', 'no rule by that name'],
    ['- list: N\n  items: []\n  append: true\n', 'no list by that name'],
    ['- macro: N\n  condition: x\n  append: true\n', 'no macro by that name'],
  ])('needs something to build on: %j', (content, message) => {
    expect(errorsOf(loadTexts([content])).join()).toContain(message);
  });

  test('has old forms, which are warned of', () => {
    const result = loadTexts([
      ruleText({ enabled: 'false' }),
      '- rule: R\n  enabled: true\n',
      '- rule: R\n  condition: and proc.pid = 1\n  append: true\n',
    ]);
    expect(warningsOf(result).filter((warning) => warning.startsWith('LOAD_DEPRECATED_ITEM'))).toHaveLength(2);
    expect(onlyRule(result)).toMatchObject({ enabled: true, conditionText: '(evt.type = open and proc.pid = 1)' });
  });
});
