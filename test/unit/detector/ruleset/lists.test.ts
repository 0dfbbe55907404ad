import { errorsOf, loadTexts, onlyRule, ruleText } from './rules-text.ts';

describe('lists', () => {
  test.each([
    ['proc.name in (l)', 'proc.name in (a, b)'],
    ['proc.name in (x,l,y)', 'proc.name in (x, a, b, y)'],
    ['proc.name in (l, l)', 'proc.name in (a, b, a, b)'],
    ['proc.name in (ll, l.x)', 'proc.name in (ll, l.x)'],
    ['proc.name in (none)', 'proc.name in ()'],
    ['proc.name in (none, x)', 'proc.name in (x)'],
    ['proc.name in (x, none)', 'proc.name in (x)'],
    ['proc.name in (none, none)', 'proc.name in ()'],
    ['proc.name in (outer)', 'proc.name in (z, a, b)'],
    ['proc.name in (deep)', 'proc.name in (z, a, b)'],
    ['proc.name in (self)', 'proc.name in (self, q)'],
    ['proc.name in ("l")', 'proc.name in (l)'],
    ['proc.name = "x l y"', 'proc.name = "x l y"'],
    ["proc.name in ('l x', l)", 'proc.name in ("l x", a, b)'],
    ['proc.name in (blanks)', 'proc.name in ("a b", "c,d", "e=f")'],
    ['proc.name in (two words)', 'proc.name in (t)'],
  ])('in %s give %s', (condition, expected) => {
    const lists = [
      '- {list: l, items: [a, b]}',
      '- {list: none, items: []}',
      '- {list: outer, items: [z, l]}',
      '- {list: deep, items: [outer]}',
      '- {list: self, items: [self, q]}',
      '- {list: blanks, items: [a b, "c,d", e=f]}',
      '- {list: two words, items: [t]}',
    ];
    const result = loadTexts([
      lists.join('\n'),
      ruleText({ condition: `'evt.type = open and ${condition.replaceAll("'", "''")}'` }),
    ]);
    expect(errorsOf(result)).toEqual([]);
    expect(onlyRule(result).conditionText).toBe(`(evt.type = open and ${expected})`);
  });
});
