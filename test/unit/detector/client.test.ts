import type { Channel, ChannelRequest } from '../../../core/index.ts';
import { detectorStats, followAlerts, readAlerts, type AlertDocument } from '../../../detector/index.ts';
import { fakeClock } from '../../support/clock.ts';
import { alert, labOf, node, stats } from './fake-detectors.ts';

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

/** Somebody opens a session into shop/web-0 by the API server on one node, and works in it on another. */
const SESSION = { auditId: 'id', user: 'olga' };
const OPENED = alert('control-plane', 1, 1_000n, {
  ...{ rule: 'Attach/Exec Pod', source: 'k8s_audit' },
  attribution: { node: 'control-plane', pod: 'web-0', namespace: 'shop', ...SESSION },
});
const WORKED = alert('worker', 1, 3_000n, {
  attribution: {
    ...{ node: 'worker', pod: 'web-0', namespace: 'shop' },
    entry: { pid: 20, monotonicNs: '2000', command: 'bash' },
  },
});

test('readAlerts links what is done in a session with who opened it, across nodes', async () => {
  const lab = labOf({ 'control-plane': node('control-plane', [OPENED]), worker: node('worker', [WORKED]) });
  expect((await readAlerts(lab)).alerts.map(({ attribution }) => attribution)).toMatchObject([
    { entry: { pid: 20, node: 'worker' } },
    { session: SESSION },
  ]);
});

describe('followAlerts', () => {
  test('links the half of a session that comes later with the one before', async () => {
    const lab = labOf({ worker: node('worker', [WORKED]), 'control-plane': node('control-plane', [OPENED]) });
    const seen: AlertDocument[] = [];
    const stop = new AbortController();
    const onAlert = (one: AlertDocument): void => {
      if (seen.push(one) === 2) stop.abort();
    };
    const nothing = (): void => undefined;
    await followAlerts(lab, { since: {}, signal: stop.signal, onAlert, onUncertain: nothing, onNews: nothing });
    expect(seen.map(({ attribution }) => attribution.session ?? attribution.entry?.node)).toEqual([
      undefined,
      'worker',
    ]);
  });

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
