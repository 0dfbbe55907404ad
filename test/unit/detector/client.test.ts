import type { Channel, ChannelRequest, NodeHandle } from '../../../core/index.ts';
import {
  detectorStats,
  followAlerts,
  readAlerts,
  summarizeDetectors,
  type AlertDocument,
  type DetectorLab,
  type DetectorStats,
} from '../../../detector/index.ts';
import { fakeClock } from '../../support/clock.ts';

function alert(node: string, sequence: number, monotonicNs: bigint, more: Partial<AlertDocument> = {}): AlertDocument {
  return {
    time: '2026-01-01T00:00:10.123456789Z',
    rule: `rule ${String(sequence)}`,
    priority: 'Notice',
    source: 'syscall',
    hostname: node,
    output: 'o',
    tags: [],
    output_fields: { 'proc.name': 'sh' },
    sequence,
    latencyMs: 3,
    monotonicNs: String(monotonicNs),
    attribution: { node, pod: 'web-0', namespace: 'shop' },
    ...more,
  };
}

function stats(node: string, more: Partial<DetectorStats> = {}): DetectorStats {
  return {
    node,
    run: 'run-1',
    startedAtMs: 0,
    rules: { hash: `hash of ${node}`, loaded: 1, enabled: 1, warnings: [] },
    sensor: { isConnected: true, heartbeatAgeMs: 200 },
    incidents: [],
    ...more,
  } as DetectorStats;
}

interface FakeNode {
  run: string;
  alerts: readonly AlertDocument[];
  /** Number of the alert that comes next; follows from the alerts unless some were lost. */
  next?: number;
  stats: DetectorStats;
  down?: string;
  generation?: number;
  refusal?: string;
}

function labOf(nodes: Readonly<Record<string, FakeNode>>): DetectorLab & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = ({ node, path }: ChannelRequest): unknown => {
    asked.push(`${node.name} ${path}`);
    const fake = nodes[node.name];
    if (fake === undefined || fake.down !== undefined) throw new Error(fake?.down ?? 'no such node');
    if (path === '/stats') return fake.stats;
    const since = Number(/since=(\d+)/.exec(path)?.[1]);
    const next = fake.next ?? (fake.alerts.at(-1)?.sequence ?? 0) + 1;
    return {
      run: fake.run,
      node: node.name,
      oldest: 1,
      next,
      generation: fake.generation ?? 1,
      ...(fake.refusal === undefined ? {} : { refusal: fake.refusal }),
      alerts: fake.alerts.filter(({ sequence }) => sequence > since),
    };
  };
  const channel: Channel = {
    request: async <T>(request: ChannelRequest) => answer(request) as T,
  };
  const handle = (name: string): NodeHandle => ({
    name,
    role: 'worker',
    addresses: { ipv4: '10.0.0.1' },
    exec: () => Promise.reject(new Error('not used')),
  });
  return { nodes: Object.keys(nodes).map(handle), channel, asked };
}

const node = (name: string, alerts: readonly AlertDocument[], more: Partial<FakeNode> = {}): FakeNode => ({
  run: 'run-1',
  alerts,
  stats: stats(name),
  ...more,
});

describe('readAlerts', () => {
  test('merges the nodes in the order of events, and goes on from its cursor', async () => {
    const a = node('a', [alert('a', 1, 10n), alert('a', 2, 30n)]);
    const b = node('b', [alert('b', 1, 20n)]);
    const lab = labOf({ a, b });
    const first = await readAlerts(lab);
    expect(first.alerts.map(({ hostname, sequence }) => `${hostname}${String(sequence)}`)).toEqual(['a1', 'b1', 'a2']);
    expect(first.uncertain).toEqual([]);
    b.alerts = [...b.alerts, alert('b', 2, 40n)];
    const second = await readAlerts(lab, first.cursor);
    expect(second.alerts.map(({ hostname, sequence }) => `${hostname}${String(sequence)}`)).toEqual(['b2']);
    expect(second.uncertain).toEqual([]);
  });

  test('tells of a node that does not answer, and keeps its place', async () => {
    const a = node('a', [alert('a', 1, 10n)]);
    const lab = labOf({ a });
    const { cursor } = await readAlerts(lab);
    a.down = 'curl: (7) could not connect';
    const page = await readAlerts(lab, cursor);
    expect(page.uncertain).toEqual([{ node: 'a', kind: 'unreachable', says: 'curl: (7) could not connect' }]);
    expect(page.cursor).toEqual(cursor);
  });

  test('tells of alerts that are missing in the sequence', async () => {
    const a = node('a', [alert('a', 1, 10n)]);
    const lab = labOf({ a });
    const { cursor } = await readAlerts(lab);
    a.alerts = [alert('a', 5, 50n), alert('a', 6, 60n)];
    const page = await readAlerts(lab, cursor);
    expect(page.uncertain).toMatchObject([{ kind: 'gap', says: 'alerts missing in the sequence: 3' }]);
    expect(page.alerts).toHaveLength(2);
  });

  test('tells of a gap in the middle also when it reads from the beginning', async () => {
    const lab = labOf({ a: node('a', [alert('a', 3, 10n), alert('a', 5, 20n)]) });
    expect((await readAlerts(lab)).uncertain).toMatchObject([
      { kind: 'gap', says: 'alerts missing in the sequence: 1' },
    ]);
  });

  test('tells of an engine that was started again, and reads all of the new one', async () => {
    const a = node('a', [alert('a', 1, 10n), alert('a', 2, 20n)]);
    const lab = labOf({ a });
    const { cursor } = await readAlerts(lab);
    a.run = 'run-2';
    a.alerts = [alert('a', 1, 30n)];
    const page = await readAlerts(lab, cursor);
    expect(page.alerts.map(({ monotonicNs }) => monotonicNs)).toEqual(['30']);
    expect(page.uncertain).toMatchObject([{ kind: 'restarted' }]);
    expect((await readAlerts(lab, page.cursor)).uncertain).toEqual([]);
  });
});

describe('followAlerts', () => {
  test('hands on what comes after its start, and a trouble once', async () => {
    const a = node('a', [alert('a', 1, 10n)]);
    const lab = labOf({ a });
    const seen: string[] = [];
    const stop = new AbortController();
    const clock = fakeClock();
    let looks = 0;
    const script = [
      () => (a.alerts = [...a.alerts, alert('a', 2, 20n)]),
      () => (a.down = 'gone'),
      () => undefined,
      () => delete a.down,
      () => {
        stop.abort();
      },
    ];
    const channel: Channel = {
      request: <T>(request: ChannelRequest) => {
        if (looks++ > 0) script.shift()?.();
        return lab.channel.request<T>(request);
      },
    };
    await followAlerts(
      { ...lab, channel },
      {
        clock,
        signal: stop.signal,
        onAlert: ({ sequence }) => seen.push(`alert ${String(sequence)}`),
        onUncertain: ({ kind }) => seen.push(kind),
        onNews: ({ says }) => seen.push(says),
      },
    );
    expect(seen).toEqual(['alert 2', 'unreachable']);
  });

  test('tells once that a configuration was refused, and when a new one was taken', async () => {
    const a = node('a', []);
    const lab = labOf({ a });
    const seen: string[] = [];
    const stop = new AbortController();
    let looks = 0;
    const script = [
      () => undefined,
      () => (a.refusal = 'refused: no such key'),
      () => undefined,
      () => {
        delete a.refusal;
        a.generation = 2;
      },
      () => {
        stop.abort();
      },
    ];
    const channel: Channel = {
      request: <T>(request: ChannelRequest) => {
        if (looks++ > 0) script.shift()?.();
        return lab.channel.request<T>(request);
      },
    };
    const onNews = ({ node, says }: { node: string; says: string }) => seen.push(`${node}: ${says}`);
    const ignore = () => undefined;
    await followAlerts({ ...lab, channel }, { signal: stop.signal, onAlert: ignore, onUncertain: ignore, onNews });
    expect(seen).toEqual(['a: refused: no such key', 'a: a new configuration was taken']);
  });
});

describe('detectorStats', () => {
  test('answers for every node, with the reason where one is silent', async () => {
    const lab = labOf({ a: node('a', []), b: node('b', [], { down: 'gone' }) });
    expect(await detectorStats(lab)).toEqual([
      { node: 'a', stats: stats('a') },
      { node: 'b', why: 'gone' },
    ]);
  });
});

describe('summarizeDetectors', () => {
  const SINCE_MS = Date.parse('2026-01-01T00:00:10Z');

  test('gives the alerts of that time, with who and where under the usual names', async () => {
    const early = alert('a', 1, 10n, { time: '2026-01-01T00:00:09.999999999Z' });
    const audit = alert('a', 3, 30n, {
      source: 'k8s_audit',
      attribution: { node: 'a', pod: 'web-0', namespace: 'shop', user: 'mallory' },
      output_fields: {},
    });
    const summary = await summarizeDetectors(labOf({ a: node('a', [early, alert('a', 2, 20n), audit]) }), SINCE_MS);
    expect(summary.alerts).toEqual([
      {
        rule: 'rule 2',
        priority: 'Notice',
        source: 'syscall',
        node: 'a',
        timeMs: SINCE_MS + 123,
        latencyMs: 3,
        fields: { 'proc.name': 'sh', 'k8s.pod.name': 'web-0', 'k8s.ns.name': 'shop' },
      },
      expect.objectContaining({
        rule: 'rule 3',
        fields: { 'ka.target.pod.name': 'web-0', 'ka.target.namespace': 'shop', 'ka.user.name': 'mallory' },
      }),
    ]);
    expect(summary).toMatchObject({ drops: 0, gaps: [], rulesets: { a: 'hash of a' } });
  });

  test('counts what was lost in that time, not before', async () => {
    const incidents = [
      { timeMs: SINCE_MS - 1, kind: 'lost', says: 'before', count: 100 },
      { timeMs: SINCE_MS + 1, kind: 'lost', says: 'within', count: 7 },
      { timeMs: SINCE_MS + 2, kind: 'blind', says: 'the sensor was silent for 4.0 s', count: 0 },
    ] as const;
    const lab = labOf({ a: node('a', [], { stats: stats('a', { incidents }) }) });
    expect(await summarizeDetectors(lab, SINCE_MS)).toMatchObject({
      drops: 7,
      gaps: ['a: the sensor was silent for 4.0 s'],
    });
  });

  test.each<[string, Partial<DetectorStats>, string]>([
    ['started after that time', { startedAtMs: SINCE_MS + 1 }, 'a: the engine was started after that time'],
    [
      'has lost its sensor',
      { sensor: { isConnected: false, heartbeatAgeMs: 9_000 } },
      "a: the sensor's last heartbeat: 9000 ms ago",
    ],
    [
      'cannot read the audit log',
      { audit: { events: 0, badJson: 0, overlong: 0, rotations: 0, trouble: 'EACCES' } },
      'a: the audit log is not being read: EACCES',
    ],
  ])('says that a node is unreliable that %s', async (_, more, gap) => {
    const summary = await summarizeDetectors(labOf({ a: node('a', [], { stats: stats('a', more) }) }), SINCE_MS);
    expect(summary.gaps).toEqual([gap]);
  });
});
