import type { LoadOptions, RuleSelection } from '../../../../detector/ruleset/index.ts';
import { loadTexts, ruleText } from './rules-text.ts';

const RULES = [
  ruleText({ tags: '[net]', priority: 'ERROR' }).replace('R', 'Shell in pod'),
  ruleText({ tags: '[net, k8s]', enabled: 'false' }).replace('R', 'Shell on node'),
  ruleText({ priority: 'DEBUG' }).replace('R', 'Other'),
];

describe('selection', () => {
  test.each<readonly [readonly RuleSelection[], readonly string[]]>([
    [[], ['Shell in pod', 'Other']],
    [[{ enable: { rule: '*' } }], ['Shell in pod', 'Shell on node', 'Other']],
    [[{ disable: { rule: 'Shell*' } }], ['Other']],
    [[{ disable: { rule: '*' } }, { enable: { tag: 'k8s' } }], ['Shell on node']],
    [
      [{ enable: { tag: 'net' } }, { disable: { rule: 'Shell on node' } }],
      ['Shell in pod', 'Other'],
    ],
    [[{ disable: { rule: 'Shell' } }], ['Shell in pod', 'Other']],
    [[{ disable: { rule: 'Shell*', tag: 'k8s' } }], ['Shell in pod', 'Other']],
  ])('%j leaves %j on', (selections, expected) => {
    expect(enabled({ selections })).toEqual(expected);
  });

  test('leaves out rules below the least priority', () => {
    expect(enabled({ minimumPriority: 'Warning' })).toEqual(['Shell in pod']);
  });
});

function enabled(options: LoadOptions): readonly string[] {
  const rules = loadTexts(RULES, options).ruleset?.rules ?? [];
  return rules.filter((rule) => rule.enabled).map(({ name }) => name);
}
