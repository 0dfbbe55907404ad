import fc from 'fast-check';
import { mergeRules } from '../../../../../labs/snapshot/rules/merge-rules.ts';

const isNewer = (rule: string): boolean => rule.startsWith('new');
const isPlacedByOwner = (rule: string): boolean => rule.startsWith('jump');

function merged(wanted: readonly string[], now: readonly string[]): readonly string[] {
  const { deletions, insertions } = mergeRules({ wanted, now, isNewer, isPlacedByOwner });
  const rules = [...now];
  for (const rule of deletions) {
    const at = rules.indexOf(rule);
    if (at < 0) throw new Error(`nothing to delete: ${rule}`);
    rules.splice(at, 1);
  }
  for (const { position, rule } of insertions) {
    if (position < 1 || position > rules.length + 1) throw new Error(`no such position: ${String(position)}`);
    rules.splice(position - 1, 0, rule);
  }
  return rules;
}

test.each([
  ['a missing rule comes back between its neighbours', ['a', 'b', 'c'], ['a', 'c'], ['a', 'b', 'c']],
  ['a missing first rule comes back first', ['a', 'b'], ['b'], ['a', 'b']],
  ['a flushed chain comes back whole', ['a', 'b', 'c'], [], ['a', 'b', 'c']],
  ['a foreign rule goes', ['a', 'b'], ['a', 'x', 'b'], ['a', 'b']],
  ['a duplicate goes', ['a', 'b'], ['a', 'a', 'b'], ['a', 'b']],
  ['rules in another order are put in order', ['a', 'b'], ['b', 'a'], ['a', 'b']],
  ['a newer rule stays in front of what comes back', ['old'], ['new1'], ['new1', 'old']],
  [
    'a jump stays where its owner has put it',
    ['jump1', 'jump2', 'a'],
    ['jump2', 'jump1', 'a'],
    ['jump2', 'jump1', 'a'],
  ],
  [
    'a missing jump comes back beside its old neighbour',
    ['jump1', 'jump2', 'jump3'],
    ['jump1', 'jump3'],
    ['jump1', 'jump2', 'jump3'],
  ],
])('%s', (_title, wanted, now, result) => {
  expect(merged(wanted, now)).toEqual(result);
});

test('afterwards every wanted rule is there as often as wanted, nothing foreign is left, and a second merge does nothing', () => {
  const rule = fc.constantFrom<string>('a', 'b', 'c', 'jump1', 'jump2', 'new1', 'new2', 'x');
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 7 }), fc.array(rule, { maxLength: 7 }), (wanted, now) => {
      const result = merged(wanted, now);
      const others = result.filter((one) => !wanted.includes(one));
      expect(result.filter((one) => wanted.includes(one)).sort()).toEqual([...wanted].sort());
      expect(others).toEqual(now.filter((one) => isNewer(one) && !wanted.includes(one)));
      expect(merged(wanted, result)).toEqual(result);
    }),
  );
});
