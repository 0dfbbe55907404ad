import { Incidents } from '../../../../detector/app/incidents.ts';
import { Pipeline } from '../../../../detector/app/pipeline.ts';
import { answerWhy, type WhyQuestion } from '../../../../detector/app/why-answer.ts';
import { createEngine } from '../../../../detector/engine/index.ts';
import { PodIndex } from '../../../../detector/enrich/pod-index.ts';
import { readSyscallField } from '../../../../detector/enrich/syscall-event.ts';
import type { JsonValue } from '../../../../detector/event/json.ts';
import { loadRules } from '../../../../detector/ruleset/index.ts';
import type { SensorRecord } from '../../../../detector/source/record.ts';
import { fakeClock } from '../../../support/clock.ts';
import { podObject } from '../enrich/pod-objects.ts';
import { CONTAINER_CGROUP, execOf, openOf } from '../enrich/records.ts';
import { ruleText } from '../ruleset/rules-text.ts';

const IN_IMAGE = 'evt.type = execve and container.image.repository = docker.io/library/nginx and proc.name = sh';

/** A node's detector with one rule, R, and an empty past. */
function nodeWith(condition: string, more: Readonly<Record<string, string>> = {}) {
  const { ruleset } = loadRules([{ name: 'r.yaml', content: ruleText({ condition, ...more }) }]);
  if (ruleset === undefined) throw new Error('the rule does not load');
  const clock = fakeClock(1_700_000_000_000);
  const pods = new PodIndex();
  const fired: string[] = [];
  const pipeline = new Pipeline({
    engine: createEngine({ ruleset, readField: readSyscallField }),
    nodeName: 'node-1',
    clock,
    pods,
    users: new Map(),
    groups: new Map(),
    incidents: new Incidents(() => clock.now()),
    onAlert: ({ rule }) => fired.push(rule),
    nextSequence: () => fired.length + 1,
    onAccountsWanted: () => false,
    onTreeIncomplete: () => undefined,
  });
  const see = (record: SensorRecord): void => pipeline.accept({ kind: 'event', record });
  const why = async (question: Partial<WhyQuestion> = {}) => {
    const reply = await answerWhy('node-1', ruleset, pipeline.recentEvents(), { rule: 'R', ...question });
    if (reply.kind !== 'answer') throw new Error('the rule is not known');
    return reply;
  };
  return { clock, pods, pipeline, ruleset, fired, see, why };
}

const shellInPod = () => execOf({ pid: 20, args: ['sh'], cgroup: CONTAINER_CGROUP });

describe('why a rule did not fire, asked of a running detector', () => {
  test('the nearest misses of the recent past are explained, of equal ones the later first', async () => {
    const { see, why } = nodeWith('evt.type = execve and proc.name = sh and proc.tty != 0');
    for (const name of ['sh', 'vi', 'sh']) see(execOf({ pid: 20, args: [name] }));
    const { answer, times } = await why();
    expect(answer.fires).toBe(false);
    expect(answer.explained.map(({ event }) => event)).toEqual([3, 1, 2]);
    expect(answer.explained[0]?.because.map(({ text }) => text)).toEqual(['proc.tty != 0']);
    expect(times[3]).toBe('1970-01-01T00:00:00.000001000Z');
  });

  test('an event that still waits for its container is undecided, and says for what', async () => {
    const { see, why, fired } = nodeWith(IN_IMAGE);
    see(shellInPod());
    const { answer } = await why();
    expect(answer.explained).toMatchObject([{ verdict: 'undecided', undecided: ['container.image.repository'] }]);
    expect(fired).toEqual([]);
  });

  test('an event that was judged before its container was known stays undecided when it is known at last', async () => {
    const { see, why, clock, pipeline, pods, fired } = nodeWith(IN_IMAGE);
    see(shellInPod());
    clock.advance(1_001);
    pipeline.review();
    pods.set(podObject());
    const { answer } = await why();
    expect(answer.explained).toMatchObject([{ verdict: 'undecided', undecided: ['container.image.repository'] }]);
    expect(fired).toEqual([]);
  });

  test('of opens it says that those without interest to any rule are not seen', async () => {
    const asked = async (condition: string): Promise<readonly string[]> => {
      const { why } = nodeWith(condition);
      return (await why()).answer.obstacles.map(({ says }) => says);
    };
    expect(await asked('evt.type = openat and fd.name = /etc/shadow')).toEqual([
      expect.stringContaining('opens of which no rule asks for the path or the flags are not seen at all'),
    ]);
    expect(await asked('evt.type = connect')).toEqual([expect.not.stringContaining('opens')]);
  });

  test('an event keeps what its process ran then', async () => {
    const { see, why } = nodeWith('evt.type = openat and proc.name = cat and fd.name = /etc/shadow');
    see(execOf({ pid: 20, args: ['cat'] }));
    see(openOf(20, '/etc/passwd', { comm: 'cat' }));
    see(execOf({ pid: 20, args: ['vi'] }));
    const [miss] = (await why()).answer.explained;
    expect(miss?.because.flatMap(({ fields }) => fields)).toEqual([
      { name: 'fd.name', state: 'value', values: ['/etc/passwd'] },
    ]);
  });

  test('a flood of one type of call does not wash away the others', async () => {
    const { see, why } = nodeWith('evt.type in (execve, openat) and proc.name = sh and proc.tty != 0');
    see(execOf({ pid: 20, args: ['sh'] }));
    for (let n = 0; n < 5_000; n++) see(openOf(30, `/tmp/${String(n)}`));
    const { answer } = await why();
    expect(answer.events.read).toBeLessThan(1_000);
    expect(answer.explained[0]).toMatchObject({ event: 1, type: 'execve' });
  });

  test('audit events are remembered as well, up to a size', async () => {
    const { pipeline, why } = nodeWith('ka.verb = delete and ka.target.resource = pods', { source: 'k8s_audit' });
    const audit = (verb: string, body: string): JsonValue => ({
      auditID: 'a',
      verb,
      objectRef: { resource: 'pods' },
      requestObject: { body },
      stageTimestamp: '2026-01-01T00:00:00Z',
    });
    pipeline.acceptAudit(audit('create', ''));
    pipeline.acceptAudit(audit('update', 'x'.repeat(200_000)));
    const { answer, times } = await why();
    expect(answer.events).toEqual({ read: 1, ofSource: 1, ofType: 1 });
    expect(answer.explained.map(({ because }) => because.map(({ text }) => text))).toEqual([['ka.verb = delete']]);
    expect(times).toEqual({ 1: '2026-01-01T00:00:00.000000000Z' });
  });

  test('an event that is asked for by its number is explained alone', async () => {
    const { see, why } = nodeWith('evt.type = execve and proc.name = sh');
    for (const name of ['sh', 'vi']) see(execOf({ pid: 20, args: [name] }));
    expect((await why({ at: 2 })).answer.explained.map(({ event }) => event)).toEqual([2]);
  });

  test('a rule that the detector does not run is answered with the nearest names', async () => {
    const { ruleset } = nodeWith('evt.type = execve');
    expect(await answerWhy('node-1', ruleset, [], { rule: 'r' })).toEqual({
      kind: 'unknown-rule',
      node: 'node-1',
      nearest: ['R'],
    });
  });
});
