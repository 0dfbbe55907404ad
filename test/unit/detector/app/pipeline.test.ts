import type { Alert } from '../../../../detector/alert/types.ts';
import { Incidents } from '../../../../detector/app/incidents.ts';
import { Pipeline } from '../../../../detector/app/pipeline.ts';
import type { Engine } from '../../../../detector/engine/index.ts';
import type { DetectorEvent } from '../../../../detector/event/types.ts';
import { PodIndex } from '../../../../detector/enrich/pod-index.ts';
import type { AlertDocument } from '../../../../detector/output/alert-document.ts';
import type { SensorMessage, SensorStatistics } from '../../../../detector/source/messages.ts';
import type { SensorRecord } from '../../../../detector/source/record.ts';
import { fakeClock } from '../../../support/clock.ts';
import { podObject } from '../enrich/pod-objects.ts';
import { CONTAINER_CGROUP, execOf, exitOf, openOf } from '../enrich/records.ts';

/** An engine that raises an alert on every event for which the rule, given here, holds. */
function engineOf(
  matches: (event: DetectorEvent) => boolean,
  types: readonly string[],
): Engine & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    process: (event) => {
      asked.push(event.type);
      return matches(event) ? [alertOn(event)] : [];
    },
    eventTypes: () => new Set(types),
  };
}

function alertOn(event: DetectorEvent): Alert {
  return {
    rule: 'A rule',
    priority: 'Notice',
    source: event.source,
    tags: ['t'],
    timeNs: event.timeNs,
    eventNumber: event.number,
    hostname: 'node-1',
    output: 'it happened',
    message: 'it happened',
    outputFields: { 'proc.name': event.field('proc.name') ?? null },
    event,
  };
}

function stage(engine: Engine) {
  const clock = fakeClock(1_700_000_000_000);
  const pods = new PodIndex();
  const alerts: AlertDocument[] = [];
  const treesWanted: string[] = [];
  const incidents = new Incidents(() => clock.now());
  const pipeline = new Pipeline({
    engine,
    nodeName: 'node-1',
    clock,
    pods,
    users: new Map([[0, 'root']]),
    groups: new Map(),
    incidents,
    onAlert: (alert) => alerts.push(alert),
    nextSequence: () => alerts.length + 1,
    onTreeIncomplete: () => treesWanted.push('again'),
  });
  const now = (): bigint => clock.monotonicNs();
  return { clock, pods, alerts, treesWanted, incidents, pipeline, now };
}

const event = (record: SensorRecord): SensorMessage => ({ kind: 'event', record });

function statistics(clock: { monotonicNs(): bigint }, more: Partial<SensorStatistics> = {}): SensorMessage {
  return {
    kind: 'statistics',
    statistics: {
      monotonicNs: clock.monotonicNs(),
      realtimeOffsetNs: 5n,
      startedNs: 1n,
      rssBytes: 1,
      droppedRingFull: 0,
      truncated: 0,
      unreadable: 0,
      requestsRejected: 0,
      connections: 1,
      emitted: {},
      ...more,
    },
  };
}

const isShell = (one: DetectorEvent): boolean => one.field('proc.name') === 'sh';

describe('Pipeline', () => {
  test('raises an alert with number, latency, node and who it was', () => {
    const { clock, alerts, pipeline, now } = stage(engineOf(isShell, ['execve']));
    const record = execOf({ pid: 20, args: ['sh', '-c', 'id'], timeNs: now(), ids: { tty: 34816 } });
    clock.advance(7);
    pipeline.accept(event(record));
    expect(alerts).toEqual([
      {
        time: '2023-11-14T22:13:20.000000000Z',
        rule: 'A rule',
        priority: 'Notice',
        source: 'syscall',
        hostname: 'node-1',
        output: 'it happened',
        tags: ['t'],
        output_fields: { 'proc.name': 'sh' },
        sequence: 1,
        latencyMs: 7,
        monotonicNs: '1700000000000000000',
        attribution: {
          node: 'node-1',
          container: 'host',
          user: 'root',
          uid: 0,
          pid: 20,
          process: 'sh -c id',
          tty: 34816,
        },
      },
    ]);
  });

  test('keeps the process tree by events that no rule wants', () => {
    const engine = engineOf((one) => one.field('proc.pname') === 'bash', ['openat']);
    const { alerts, pipeline } = stage(engine);
    pipeline.accept(event(execOf({ pid: 10, args: ['bash'] })));
    pipeline.accept(event(execOf({ pid: 20, ppid: 10, args: ['cat'] })));
    pipeline.accept(event(openOf(20, '/etc/shadow', { ids: { pid: 20, ppid: 10 } })));
    expect(engine.asked).toEqual(['openat']);
    expect(alerts).toHaveLength(1);
  });

  describe('facts that come late', () => {
    const inPod = (timeNs: bigint): SensorMessage =>
      event(execOf({ pid: 20, args: ['sh'], cgroup: CONTAINER_CGROUP, cgroupId: 42n, timeNs }));

    test('are waited for, also when only the alert’s attribution needs them', () => {
      const { clock, pods, alerts, pipeline, now } = stage(engineOf(isShell, ['execve']));
      pipeline.accept(inPod(now()));
      expect(alerts).toEqual([]);
      clock.advance(400);
      pods.set(podObject());
      pipeline.review();
      expect(alerts).toMatchObject([
        { latencyMs: 400, attribution: { pod: 'web-0', namespace: 'shop', container: 'nginx' } },
      ]);
      clock.advance(2_000);
      pipeline.review();
      expect(alerts).toHaveLength(1);
      expect(pipeline.stats().judgedWithoutFacts).toBe(0);
    });

    test('are missing when they do not come within a second', () => {
      const { clock, alerts, pipeline, now } = stage(engineOf(isShell, ['execve']));
      pipeline.accept(inPod(now()));
      clock.advance(1_000);
      pipeline.review();
      expect(alerts).toMatchObject([{ attribution: { node: 'node-1', process: 'sh' } }]);
      expect(alerts[0]?.attribution.pod).toBeUndefined();
      expect(pipeline.stats().judgedWithoutFacts).toBe(1);
    });

    test('are waited for across a change of the rules: each event is judged once, by the rules that hold then', () => {
      const old = engineOf(isShell, ['execve']);
      const { clock, pods, alerts, pipeline, now } = stage(old);
      pipeline.accept(event(execOf({ pid: 30, args: ['sh'], timeNs: now() })));
      pipeline.accept(inPod(now()));
      expect(alerts).toHaveLength(1);
      const asked = old.asked.length;
      pipeline.replaceEngine(engineOf((one) => isShell(one) || one.type === 'openat', ['execve', 'openat']));
      clock.advance(10);
      pods.set(podObject());
      pipeline.review();
      pipeline.accept(event(openOf(20, '/etc/shadow', { ids: { pid: 30 } })));
      expect(alerts.map(({ sequence, attribution }) => [sequence, attribution.pod])).toEqual([
        [1, undefined],
        [2, 'web-0'],
        [3, undefined],
      ]);
      expect(old.asked).toHaveLength(asked);
    });

    test('do not hold up events that no rule is interested in', () => {
      const { pipeline, now } = stage(engineOf(() => false, ['execve']));
      pipeline.accept(inPod(now()));
      expect(pipeline.stats().undecided).toBe(0);
    });
  });

  test('raises one alert on an audit event that comes by the log and by the webhook', () => {
    const { alerts, pipeline } = stage(engineOf((one) => one.field('ka.verb') === 'create', ['execve']));
    const event = { auditID: 'x', stage: 'ResponseComplete', verb: 'create' };
    pipeline.acceptAudit(event);
    pipeline.acceptAudit({ kind: 'EventList', items: [event, { ...event, auditID: 'y' }] });
    expect(alerts).toHaveLength(2);
    expect(pipeline.stats()).toMatchObject({ auditEvents: 2, auditRepeated: 1 });
  });

  test('raises alerts on the lines of an audit log', () => {
    const { clock, alerts, pipeline } = stage(engineOf((one) => one.field('ka.verb') === 'create', ['execve']));
    clock.advance(60);
    pipeline.acceptAudit({
      kind: 'Event',
      auditID: 'x',
      stage: 'ResponseComplete',
      stageTimestamp: '2023-11-14T22:13:20.000000Z',
      verb: 'create',
      user: { username: 'mallory' },
      objectRef: { resource: 'pods', namespace: 'shop', name: 'web-0' },
    });
    expect(alerts).toMatchObject([
      {
        source: 'k8s_audit',
        latencyMs: 60,
        monotonicNs: '1700000000000000000',
        attribution: { user: 'mallory', namespace: 'shop' },
      },
    ]);
  });

  describe('what goes wrong', () => {
    const engine = engineOf(() => false, ['openat']);

    test('events that were lost are an incident, and the process tree is asked for again, but not all the time', () => {
      const { clock, treesWanted, incidents, pipeline } = stage(engine);
      clock.advance(10_000);
      for (const droppedRingFull of [4, 4, 10, 25]) {
        pipeline.accept(statistics(clock, { droppedRingFull }));
        clock.advance(1_000);
      }
      expect(incidents.list()).toMatchObject([
        { kind: 'lost', count: 6 },
        { kind: 'lost', count: 15 },
      ]);
      expect(treesWanted).toEqual(['again']);
    });

    test('a sensor that was silent, and one that was started again, are incidents', () => {
      const { clock, incidents, pipeline } = stage(engine);
      pipeline.accept(statistics(clock));
      clock.advance(1_100);
      pipeline.accept(statistics(clock));
      expect(incidents.list()).toEqual([]);
      clock.advance(4_500);
      pipeline.accept(statistics(clock, { startedNs: 2n }));
      expect(incidents.list().map(({ says }) => says)).toEqual([
        'the sensor was silent for 4.5 s',
        'the sensor was started again',
      ]);
    });

    test('a malformed frame is counted', () => {
      const { incidents, pipeline } = stage(engine);
      pipeline.accept({ kind: 'malformed' });
      expect(pipeline.stats().malformedFrames).toBe(1);
      expect(incidents.list()).toMatchObject([{ kind: 'lost', count: 1 }]);
    });

    test('the tree is complete after a snapshot, until the sensor goes', () => {
      const { pipeline } = stage(engine);
      expect(pipeline.stats().isTreeComplete).toBe(false);
      pipeline.accept({ kind: 'snapshotBegin', monotonicNs: 1_000n });
      pipeline.accept({ kind: 'process', record: execOf({ pid: 9, args: ['kubelet'] }) });
      pipeline.accept({ kind: 'snapshotEnd', processes: 1 });
      expect(pipeline.stats()).toMatchObject({ isTreeComplete: true, processes: 1 });
      pipeline.accept(event(exitOf(9)));
      expect(pipeline.stats().processes).toBe(0);
      pipeline.disconnect();
      expect(pipeline.stats().isTreeComplete).toBe(false);
    });
  });
});
