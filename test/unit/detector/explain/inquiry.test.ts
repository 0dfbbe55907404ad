import { AuditEvent } from '../../../../detector/event/audit-event.ts';
import { MapEvent, type FieldMap } from '../../../../detector/event/map-event.ts';
import type { DetectorEvent } from '../../../../detector/event/types.ts';
import { createInquiry, type InquiryOptions, type RuleAnswer } from '../../../../detector/explain/inquiry.ts';
import { loadTexts, ruleText } from '../ruleset/rules-text.ts';

const CONDITION = 'evt.type in (open, openat) and proc.name = sh and proc.tty != 0 and user.uid = 0';

describe('the inquiry into a rule', () => {
  test('explains the nearest misses: the most conditions that hold, of equal ones the earlier', () => {
    const answer = inquire([
      event(1, { 'proc.name': 'vi' }),
      event(2, { 'proc.name': 'sh', 'proc.tty': 0, 'user.uid': 0 }),
      event(3, { 'evt.type': 'close', 'proc.name': 'sh', 'proc.tty': 1, 'user.uid': 0 }),
      event(4, { 'proc.name': 'sh', 'proc.tty': 1, 'user.uid': 5 }),
      event(5, { 'proc.name': 'vi', 'proc.tty': 1 }),
      event(6, { 'proc.name': 'sh', 'proc.tty': 1, 'user.uid': 6 }),
    ]);
    expect(answer).toMatchObject({ fires: false, events: { read: 6, ofSource: 6, ofType: 5 }, fulfilled: [] });
    expect(answer.explained.map(({ event, conditions }) => [event, conditions.holding, conditions.of])).toEqual([
      [2, 3, 4],
      [4, 3, 4],
      [6, 3, 4],
    ]);
    expect(answer.explained[0]?.because.map(({ text }) => text)).toEqual(['proc.tty != 0']);
  });

  test('names the events for which the rule fires, and explains the first', () => {
    const hit = { 'proc.name': 'sh', 'proc.tty': 1, 'user.uid': 0 };
    const answer = inquire([event(1, {}), event(4, hit), event(9, hit)]);
    expect(answer).toMatchObject({ fires: true, obstacles: [], fulfilled: [{ event: 4 }, { event: 9 }] });
    expect(answer.explained.map(({ event, verdict }) => [event, verdict])).toEqual([[4, 'true']]);
  });

  test('explains the event that is asked for, also where another fires', () => {
    const answer = inquire([event(1, { 'proc.name': 'sh', 'proc.tty': 1, 'user.uid': 0 }), event(2, {})], { at: 2 });
    expect(answer.fires).toBe(true);
    expect(answer.explained.map(({ event, verdict }) => [event, verdict])).toEqual([[2, 'missing']]);
  });

  test('says of an event of another type, or of another source, that the rule is not asked about it', () => {
    const close = inquire([event(1, { 'evt.type': 'close' })], { at: 1 });
    expect(close.explained[0]?.obstacles).toEqual([
      { kind: 'event-type', says: 'it looks only at open, openat, and this is close' },
    ]);
    expect(close.explained[0]?.condition).toBeDefined();
    const audit = inquire([new AuditEvent({ verb: 'get' }, 1)], { at: 1 });
    expect(audit.explained[0]?.obstacles).toEqual([
      { kind: 'source', says: 'it reads syscall events, and this is one of k8s_audit' },
    ]);
    expect(audit.explained[0]?.condition).toBeUndefined();
  });

  test('takes of events with the same number the one of the source that the rule reads', () => {
    const events = [new AuditEvent({ verb: 'get' }, 2), event(2, {}), new AuditEvent({ verb: 'list' }, 2)];
    expect(inquire(events, { at: 2 }).explained.map(({ type }) => type)).toEqual(['open']);
  });

  test.each([
    [
      'of other sources',
      [new AuditEvent({ verb: 'get' }, 1)],
      'source',
      /reads syscall events.*none \(events read: 1\)/,
    ],
    ['of other types', [event(1, { 'evt.type': 'close' })], 'event-type', /only at open, openat.*none/],
    ['no events', [], 'source', /none \(events read: 0\)/],
  ])('names as the reason that there are only events %s', (_what, events, kind, says) => {
    const answer = inquire(events);
    expect(answer.obstacles).toEqual([{ kind, says: expect.stringMatching(says) as string }]);
    expect(answer.explained).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, string>>, InquiryOptions, string, RegExp]>([
    ['its file switches off', { enabled: 'false' }, {}, 'disabled', /enabled: false/],
    ['a selection switches off', {}, { selections: [{ disable: { rule: 'R*' } }] }, 'selection', /selection/],
    ['is not urgent enough', {}, { minimumPriority: 'Error' }, 'priority', /Informational is below Error/],
  ])('names as the reason that the rule %s, and still explains it', (_what, keys, options, kind, says) => {
    const hit = event(1, { 'proc.name': 'sh', 'proc.tty': 1, 'user.uid': 0 });
    const answer = inquire([hit], options, ruleText({ condition: CONDITION, ...keys }));
    expect(answer).toMatchObject({ fires: false, fulfilled: [{ event: 1 }] });
    expect(answer.obstacles).toEqual([{ kind, says: expect.stringMatching(says) as string }]);
    expect(answer.explained[0]?.verdict).toBe('true');
  });

  test('does not mind a rule that its file switches off where a selection switches it on', () => {
    const text = ruleText({ condition: CONDITION, enabled: 'false' });
    expect(inquire([event(1, {})], { selections: [{ enable: { rule: 'R' } }] }, text).obstacles).toEqual([]);
  });

  test('names the rule that comes before it where only the first that matches counts', () => {
    const hit = event(3, { 'proc.name': 'sh', 'proc.tty': 1, 'user.uid': 0 });
    const earlier = ruleText({ condition: 'evt.type = open' }).replace('R', 'Any open');
    const later = ruleText({ condition: 'evt.type = open' }).replace('R', 'Late open');
    const own = ruleText({ condition: CONDITION });
    expect(inquire([hit], {}, earlier + own + later).fulfilled).toEqual([{ event: 3, overtakenBy: 'Any open' }]);
    expect(inquire([hit], {}, own + later).fulfilled).toEqual([{ event: 3 }]);
  });
});

function inquire(
  events: readonly DetectorEvent[],
  options: InquiryOptions = {},
  text = ruleText({ condition: CONDITION }),
): RuleAnswer {
  const { ruleset, errors } = loadTexts([text]);
  const rule = ruleset?.rules.find(({ name }) => name === 'R');
  if (ruleset === undefined || rule === undefined) throw new Error(JSON.stringify(errors));
  const inquiry = createInquiry(ruleset, rule, options);
  for (const one of events) inquiry.look(one);
  return inquiry.answer();
}

function event(number: number, fields: FieldMap): DetectorEvent {
  return new MapEvent({ 'evt.type': 'open', 'evt.num': number, ...fields });
}
