import type { Channel, ChannelRequest, NodeHandle } from '../../../core/index.ts';
import type { NodeWhy } from '../../../detector/app/why-answer.ts';
import type { ExplainedEvent, RuleAnswer } from '../../../detector/explain/inquiry.ts';
import { explainLive, type DetectorLab } from '../../../detector/index.ts';

/** A lab whose detectors give these answers; a text is why one does not answer. */
function labOf(replies: Readonly<Record<string, NodeWhy | string>>): DetectorLab & { readonly asked: string[] } {
  const asked: string[] = [];
  const channel: Channel = {
    request: async <T>({ node, path }: ChannelRequest) => {
      asked.push(path);
      const reply = replies[node.name];
      if (reply === undefined || typeof reply === 'string') throw new Error(reply);
      return reply as T;
    },
  };
  const handle = (name: string): NodeHandle => ({
    name,
    role: 'worker',
    addresses: { ipv4: '10.0.0.1' },
    exec: () => Promise.reject(new Error('not used')),
  });
  return { nodes: Object.keys(replies).map(handle), channel, asked };
}

function event(number: number, holding: number, verdict: ExplainedEvent['verdict'] = 'false'): ExplainedEvent {
  const conditions = { holding, of: 3 };
  return { event: number, type: 'execve', verdict, obstacles: [], conditions, because: [], besides: [], undecided: [] };
}

function answerOf(node: string, explained: readonly ExplainedEvent[], more: Partial<RuleAnswer> = {}): NodeWhy {
  const answer: RuleAnswer = {
    rule: 'R',
    source: 'syscall',
    priority: 'Notice',
    place: { file: 'r.yaml', line: 1, column: 1 },
    fires: false,
    obstacles: [],
    events: { read: 10, ofSource: 8, ofType: 5 },
    fulfilled: [],
    explained,
    ...more,
  };
  const times = Object.fromEntries(explained.map((one) => [one.event, `2026-01-01T00:00:0${String(one.event)}Z`]));
  return { kind: 'answer', node, answer, times };
}

describe('why a rule fired or not in a lab', () => {
  test('is one answer of all nodes: counts together, the nearest misses of all, of equal ones the latest', async () => {
    const lab = labOf({
      'node-1': answerOf('node-1', [event(1, 2), event(2, 1)]),
      'node-2': answerOf('node-2', [event(3, 2), event(4, 1)]),
    });
    const report = await explainLive(lab, { rule: 'R' });
    expect(report).toMatchObject({ fires: false, events: { read: 20, ofSource: 16, ofType: 10 }, silent: [] });
    expect(report.explained.map(({ seen, event: number }) => [seen.node, number])).toEqual([
      ['node-2', 3],
      ['node-1', 1],
      ['node-2', 4],
    ]);
    expect(lab.asked).toEqual(['/why?rule=R', '/why?rule=R']);
  });

  test('explains an event that fulfils the condition before all misses', async () => {
    const lab = labOf({
      'node-1': answerOf('node-1', [event(1, 2)]),
      'node-2': answerOf('node-2', [event(5, 3, 'true')], { fires: true, fulfilled: [{ event: 5 }] }),
    });
    const report = await explainLive(lab, { rule: 'R' });
    expect(report.fulfilled).toEqual([{ event: 5, seen: { node: 'node-2', time: '2026-01-01T00:00:05Z' } }]);
    expect(report.explained.map(({ event: number }) => number)).toEqual([5]);
    expect(report.fires).toBe(true);
  });

  test('is not kept from an event type that one node saw by others that did not', async () => {
    const none = { kind: 'event-type', says: 'it looks only at ptrace, and there was none' } as const;
    const blind = answerOf('node-1', [], { obstacles: [none], events: { read: 9, ofSource: 9, ofType: 0 } });
    const seeing = answerOf('node-2', [event(2, 1)], { events: { read: 9, ofSource: 9, ofType: 1 } });
    expect((await explainLive(labOf({ 'node-1': blind, 'node-2': seeing }), { rule: 'R' })).obstacles).toEqual([]);
    expect((await explainLive(labOf({ 'node-1': blind }), { rule: 'R' })).obstacles).toEqual([none]);
  });

  test('names the nodes that do not answer', async () => {
    const lab = labOf({ 'node-1': 'nobody listens', 'node-2': answerOf('node-2', []) });
    expect((await explainLive(lab, { rule: 'R' })).silent).toEqual([{ node: 'node-1', why: 'nobody listens' }]);
  });

  test.each([
    [
      'a rule that the lab does not run',
      labOf({ n: { kind: 'unknown-rule', node: 'n', nearest: ['R'] } }),
      /no rule "Q".*the nearest: R/,
    ],
    ['an event that no node remembers', labOf({ n: answerOf('n', []) }), /there is no event 7: none of the 10/],
    ['a lab without an answer', labOf({ n: 'nobody listens' }), /no detector of the lab answers: n: nobody listens/],
  ])('fails for %s', async (_what, lab, message) => {
    await expect(explainLive(lab, { rule: 'Q', at: 7 })).rejects.toThrow(message);
  });
});
