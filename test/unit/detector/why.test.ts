import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainRule } from '../../../detector/why.ts';
import { ruleText } from './ruleset/rules-text.ts';

const EVENTS = [
  '{"evt.num": 3, "evt.type": "open", "proc.name": "cat"}',
  '{"evt.num": 8, "evt.type": "open", "proc.name": "sh", "proc.tty": 0}',
].join('\n');

describe('why a rule fired, or why not', () => {
  let folder: string;
  const path = (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubedrill-why-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('is told from files of rules and events', async () => {
    const rules = [
      path('rules.yaml', ruleText({ condition: 'evt.type = open and container.id = abc and proc.tty = 0' })),
    ];
    const events = [path('e.jsonl', EVENTS)];
    const report = await explainRule({ rule: 'R', rules, events, set: ['container.id=abc'] });
    expect(report).toMatchObject({ apiVersion: 'kubedrill/v1', rule: 'R', fires: true, fulfilled: [{ event: 8 }] });
    expect(report.place.file).toBe(rules[0]);
    const at = await explainRule({ rule: 'R', rules, events, set: ['container.id=abc'], at: 3 });
    expect(at.explained.map(({ event, verdict }) => [event, verdict])).toEqual([[3, 'missing']]);
  });

  test('takes the rules of kubedrill where no others are given', async () => {
    const lines = '{"evt.num": 1, "evt.type": "execve", "proc.name": "sh", "container.id": "abc", "proc.tty": 0}';
    const report = await explainRule({ rule: 'Terminal shell in container', events: [path('e.jsonl', lines)] });
    expect(report.explained[0]?.because.map(({ text }) => text)).toEqual(['proc.tty != 0']);
  });

  test.each([
    ['a rule that is not there', { rule: 'Terminal shel in container' }, /no rule.*: the nearest: Terminal shell/],
    ['an event that is not there', { at: 5 }, /there is no event 5: none of the 2 events has that number/],
    ['rules that do not load', { content: '- rule: R' }, /the rules do not load.*rules\.yaml:1:3/],
  ])(
    'fails for %s',
    async (
      _what,
      { rule = 'R', content, at }: Partial<Record<'rule' | 'content', string>> & { at?: number },
      message,
    ) => {
      const events = [path('e.jsonl', EVENTS)];
      const rules = rule === 'R' ? { rules: [path('rules.yaml', content ?? ruleText())] } : {};
      await expect(explainRule({ rule, events, ...rules, ...(at === undefined ? {} : { at }) })).rejects.toThrow(
        message,
      );
    },
  );
});
