import { errorsOf, loadTexts, onlyRule, ruleText, warningsOf } from './rules-text.ts';

const withException = (exception: string) => `${ruleText()}  exceptions:\n    - ${exception}\n`;

describe('exceptions', () => {
  test.each([
    ['{name: e, fields: proc.name, values: [a, b c]}', 'not proc.name in (a, "b c")'],
    ['{name: e, fields: fd.name, comps: pmatch, values: [/tmp]}', 'not fd.name pmatch (/tmp)'],
    ['{name: e, fields: fd.name, comps: startswith anyof, values: [/a, /b]}', 'not fd.name startswith anyof (/a, /b)'],
    [
      '{name: e, fields: [proc.name, fd.name], values: [[a, /x], [b, /y]]}',
      'not ((proc.name = a and fd.name = /x) or (proc.name = b and fd.name = /y))',
    ],
    [
      '{name: e, fields: [proc.name, fd.name], comps: [in, contains], values: [[[a, b], /x]]}',
      'not (proc.name in (a, b) and fd.name contains /x)',
    ],
    ['{name: e, fields: [proc.name], comps: [in], values: [[shells]]}', 'not proc.name in (sh, ksh)'],
    ['{name: e, fields: [proc.name], values: [["it\'s x"]]}', 'not proc.name = "it\'s x"'],
    ['{name: e, fields: [proc.name], values: [[tolower(proc.pname)]]}', 'not proc.name = tolower(proc.pname)'],
  ])('%s compiles to %s', (exception, clause) => {
    const list = '- list: shells\n  items: [sh, ksh]\n';
    expect(onlyRule(loadTexts([list, withException(exception)])).conditionText).toBe(`(evt.type = open and ${clause})`);
  });

  test('without values change nothing', () => {
    expect(onlyRule(loadTexts([withException('{name: e, fields: [proc.name]}')])).conditionText).toBe(
      'evt.type = open',
    );
  });

  test.each([
    ['{fields: proc.name}', "Item has no mapping for key 'name'"],
    ['{name: e}', "Item has no mapping for key 'fields'"],
    ['{name: e, fields: [proc.name], comps: [=, =]}', 'Fields and comps lists must have equal length'],
    ['{name: e, fields: [proc.name], comps: [like]}', "'like' is not a supported comparison operator"],
    ['{name: e, fields: proc.name, comps: [in]}', 'Fields and comps must both be strings'],
    ['{name: e, fields: proc.name, comps: contains}', 'comps must be one of'],
    ['{name: e, fields: [proc.nome]}', "'proc.nome' is not a supported filter field"],
    ['{name: e, fields: [proc.name], values: [[a, b]]}', 'Fields and values lists must have equal length'],
    ['{name: e, fields: proc.name, values: [[a]]}', 'Expected values array to contain a list of strings'],
    ['{name: e, fields: [proc.name], values: x}', 'Rule exception values must be a sequence'],
  ])('are refused as %s', (exception, message) => {
    expect(errorsOf(loadTexts([withException(exception)])).join()).toContain(message);
  });

  test('take further values later', () => {
    const more = '- rule: R\n  exceptions:\n    - {name: e, values: [b]}\n  override: {exceptions: append}\n';
    const rule = onlyRule(loadTexts([withException('{name: e, fields: proc.name, values: [a]}'), more]));
    expect(rule.conditionText).toBe('(evt.type = open and not proc.name in (a, b))');
  });

  test.each([
    ['{name: e, fields: proc.pname, values: [b]}', 'Can not append exception fields'],
    ['{name: e, comps: in, values: [b]}', 'Can not append exception comps'],
    ['{name: f, values: [b]}', 'must have fields property'],
    ['{name: f, fields: proc.name}', 'must have values property'],
  ])('are not appended to as %s', (exception, message) => {
    const more = `- rule: R\n  exceptions:\n    - ${exception}\n  override: {exceptions: append}\n`;
    const result = loadTexts([withException('{name: e, fields: proc.name, values: [a]}'), more]);
    expect(errorsOf(result).join()).toContain(message);
  });

  test('of the same name in one rule are warned of', () => {
    const twice = '{name: e, fields: proc.name, values: [a]}';
    expect(warningsOf(loadTexts([`${withException(twice)}    - ${twice}\n`])).join()).toContain(
      'LOAD_EXCEPTION_NAME_NOT_UNIQUE',
    );
  });
});
