import { MapEvent, type FieldMap } from '../../../../detector/event/map-event.ts';
import { createExplainer } from '../../../../detector/explain/explain.ts';
import { nearnessOf } from '../../../../detector/explain/nearness.ts';
import { failedParts, reasonsOf } from '../../../../detector/explain/reasons.ts';
import type { Explained } from '../../../../detector/explain/types.ts';
import { loadTexts, onlyRule, ruleText } from '../ruleset/rules-text.ts';

const MACROS = [
  '- macro: shells\n  condition: proc.name in (sh, bash)\n',
  '- macro: expected\n  condition: proc.pname = cron or (proc.pname = ssh and not proc.tty = 0)\n',
  '- macro: both\n  condition: shells and expected\n',
].join('');

describe('the reasons of a condition that is false', () => {
  test('are the checks that it rests on, with the macros that lead to them', () => {
    const tree = explained('evt.type = open and both', { 'proc.name': 'sh', 'proc.pname': 'ssh', 'proc.tty': 0 });
    expect(reasonsOf(tree).because.map(({ text, verdict, macros }) => [text, verdict, ...macros])).toEqual([
      ['proc.pname = cron', 'false', 'both', 'expected'],
      ['not proc.tty = 0', 'true', 'both', 'expected'],
    ]);
  });

  test('say what would have to be true: of what is negated, the opposite', () => {
    const tree = explained('evt.type = open and not expected', { 'proc.pname': 'ssh', 'proc.tty': 3 });
    expect(reasonsOf(tree).because.map(({ text }) => text)).toEqual(['not proc.pname = ssh', 'proc.tty = 0']);
    expect([...failedParts(tree)]).toEqual(['not expected', 'not proc.pname = ssh', 'proc.tty = 0']);
  });

  test('have the values that were seen, or that there were none', () => {
    const [reason] = reasonsOf(explained('proc.name = val(proc.pname)', { 'proc.name': 'x' })).because;
    expect(reason).toEqual({
      text: 'proc.name = val(proc.pname)',
      verdict: 'missing',
      fields: [
        { name: 'proc.name', state: 'value', values: ['x'] },
        { name: 'proc.pname', state: 'missing', values: [] },
      ],
      macros: [],
    });
  });

  test('are told from what is false as well, but not asked any more; each check once', () => {
    const tree = explained('shells and proc.tty = 1 and (shells or proc.pname = x)', { 'proc.name': 'vi' });
    const { because, besides } = reasonsOf(tree);
    expect(because.map(({ text }) => text)).toEqual(['proc.name in (sh, bash)']);
    expect(besides.map(({ text }) => text)).toEqual(['proc.tty = 1', 'proc.pname = x']);
    expect([...failedParts(tree)]).toEqual(['shells', 'proc.name in (sh, bash)']);
  });

  test('are none for a condition that is true', () => {
    const tree = explained('shells or proc.tty = 1', { 'proc.name': 'sh' });
    expect(reasonsOf(tree)).toEqual({ because: [], besides: [], undecided: [] });
    expect(failedParts(tree).size).toBe(0);
  });
});

describe('nearness', () => {
  test('counts what is joined by and, also in macros; an or and a not are one each', () => {
    const condition = 'evt.type = open and both and not (proc.tty = 1 and proc.tty = 2)';
    expect(nearnessOf(explained(condition, { 'proc.name': 'sh' }))).toEqual({ holding: 3, of: 4 });
    expect(nearnessOf(explained('proc.name = x or proc.name = sh', { 'proc.name': 'sh' }))).toEqual({
      holding: 1,
      of: 1,
    });
  });
});

function explained(condition: string, fields: FieldMap): Explained {
  const rule = onlyRule(loadTexts([MACROS + ruleText({ condition })]));
  return createExplainer(rule.condition).explain(new MapEvent({ 'evt.type': 'open', ...fields }));
}
