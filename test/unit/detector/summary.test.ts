import { summarizeDetectors, type DetectorStats, type Incident } from '../../../detector/index.ts';
import { alert, labOf, node, stats, type FakeNode } from './fake-detectors.ts';

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
      { timeMs: SINCE_MS - 1, cause: 'ringFull', grade: 'voids', says: 'before', count: 100 },
      { timeMs: SINCE_MS + 1, cause: 'ringFull', grade: 'voids', source: 'syscall', says: 'within', count: 4 },
      { timeMs: SINCE_MS + 5, cause: 'ringFull', grade: 'voids', source: 'syscall', says: 'within', count: 3 },
      {
        timeMs: SINCE_MS + 2,
        cause: 'sensorSilent',
        grade: 'voids',
        says: 'the sensor was silent for 4.0 s',
        count: 0,
      },
      { timeMs: SINCE_MS + 3, cause: 'outputAlerts', grade: 'none', says: 'not delivered', count: 50 },
    ] as const;
    const lab = labOf({ a: node('a', [], { stats: stats('a', { incidents }) }) });
    expect(await summarizeDetectors(lab, SINCE_MS)).toMatchObject({
      drops: 7,
      losses: [{ node: 'a', source: 'syscall', says: 'within: 7' }],
      gaps: ['a: the sensor was silent for 4.0 s'],
      excuses: [],
    });
  });

  test('adds up by node and cause what was judged by less than it held, and counts none of it as lost', async () => {
    const cut = (timeMs: number, count: number): Incident => {
      return { timeMs, cause: 'truncated', grade: 'excuses', source: 'syscall', says: 'events that were cut', count };
    };
    const incidents = [cut(SINCE_MS - 1, 100), cut(SINCE_MS + 1, 2), cut(SINCE_MS + 5_000, 3)];
    const lab = labOf({
      a: node('a', [], { stats: stats('a', { incidents }) }),
      b: node('b', [], { stats: stats('b', { incidents: [cut(SINCE_MS + 2, 1)] }) }),
    });
    expect(await summarizeDetectors(lab, SINCE_MS)).toMatchObject({
      drops: 0,
      losses: [],
      gaps: [],
      excuses: [
        { node: 'a', source: 'syscall', says: 'events that were cut: 5' },
        { node: 'b', source: 'syscall', says: 'events that were cut: 1' },
      ],
    });
  });

  test('tells the source of each rule that an engine runs', async () => {
    const running = (name: string, sources: DetectorStats['rules']['sources']): FakeNode =>
      node(name, [], { stats: stats(name, { rules: { ...stats(name).rules, sources } }) });
    const lab = labOf({ a: running('a', { Exec: 'k8s_audit' }), b: running('b', { Shell: 'syscall' }) });
    expect((await summarizeDetectors(lab, SINCE_MS)).sources).toEqual({ Exec: 'k8s_audit', Shell: 'syscall' });
  });

  test('says when alerts of that time are not kept any more', async () => {
    const kept = [alert('a', 4, 10n, { time: '2026-01-01T00:00:10.000000000Z' }), alert('a', 5, 20n)];
    const lab = labOf({ a: node('a', kept, { oldest: 4 }) });
    const firstMs = Date.parse('2026-01-01T00:00:10Z');
    expect((await summarizeDetectors(lab, firstMs)).gaps).toEqual([]);
    expect((await summarizeDetectors(lab, firstMs - 1)).gaps).toEqual([
      'a: alerts before 2026-01-01T00:00:10.000000000Z are not kept any more',
    ]);
  });

  test('leaves out what a detector says of itself', async () => {
    const lab = labOf({ a: node('a', [alert('a', 1, 10n, { source: 'internal', time: '2100-01-01T00:00:00Z' })]) });
    expect((await summarizeDetectors(lab, SINCE_MS)).alerts).toEqual([]);
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
      { audit: { events: 0, badJson: 0, overlong: 0, tooHeavy: 0, rotations: 0, trouble: 'EACCES' } },
      'a: the audit log is not being read: EACCES',
    ],
    [
      'has heard of no request by the webhook, where there is no log',
      { auditWebhook: { accepted: 0 } as DetectorStats['auditWebhook'] & object },
      'a: no audit events have come to the webhook yet',
    ],
  ])('says that a node is unreliable that %s', async (_, more, gap) => {
    const summary = await summarizeDetectors(
      labOf({ a: node('a', [], { role: 'control-plane', stats: stats('a', more) }) }),
      SINCE_MS,
    );
    expect(summary.gaps).toEqual([gap]);
  });

  test('expects audit events only of nodes with an API server, and by the webhook only where there is no log', async () => {
    const quiet = { auditWebhook: { accepted: 0 } as DetectorStats['auditWebhook'] & object };
    const audit = { events: 0, badJson: 0, overlong: 0, tooHeavy: 0, rotations: 0 };
    const lab = labOf({
      a: node('a', [], { role: 'control-plane', stats: stats('a', { ...quiet, audit }) }),
      b: node('b', [], { stats: stats('b', quiet) }),
    });
    expect((await summarizeDetectors(lab, SINCE_MS)).gaps).toEqual([]);
  });
});
