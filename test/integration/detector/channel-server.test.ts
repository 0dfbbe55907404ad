import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveChannel } from '../../../detector/app/channel-server.ts';
import type { ReloadStats } from '../../../detector/app/live-configuration.ts';
import type { DetectorStats } from '../../../detector/app/report.ts';
import { AlertStore } from '../../../detector/output/alert-store.ts';

describe('the detector behind the Channel', () => {
  let folder: string;
  let socketPath: string;
  let server: Server;
  let store: AlertStore;
  let problems: string[];
  let reload: ReloadStats;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-channel-'));
    socketPath = join(folder, 'detector.sock');
    store = new AlertStore({ maxAlerts: 3, maxBytes: 1_000 });
    problems = [];
    reload = { generation: 1, loadedAtMs: 1, refused: 0 };
    const stats = { node: 'node-1' } as DetectorStats;
    server = await serveChannel({
      socketPath,
      run: 'run-1',
      node: 'node-1',
      store,
      stats: () => stats,
      problems: () => problems,
      metrics: () => 'up 1\n',
      reload: () => reload,
      why: async (question) => {
        if (question.rule === 'broken') throw new Error('it broke');
        return { kind: 'unknown-rule', node: 'node-1', nearest: [JSON.stringify(question)] };
      },
    });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  function ask(path: string, method = 'GET'): Promise<{ readonly status: number | undefined; readonly body: unknown }> {
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath, path, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) });
        });
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  test('can be reached by its owner and root only', async () => {
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
  });

  test('answers alerts since a number, with what is needed to see a gap', async () => {
    for (let n = 1; n <= 5; n++) store.add(JSON.stringify({ sequence: n }));
    expect(await ask('/alerts?since=3')).toEqual({
      status: 200,
      body: {
        ...{ run: 'run-1', node: 'node-1', oldest: 3, next: 6, generation: 1 },
        alerts: [{ sequence: 4 }, { sequence: 5 }],
      },
    });
    expect(await ask('/alerts')).toMatchObject({
      body: { alerts: [{ sequence: 3 }, { sequence: 4 }, { sequence: 5 }] },
    });
  });

  test('waits for an alert that is not there yet', async () => {
    const answer = ask('/alerts?since=0&waitMs=20000');
    // A second question is answered first, so the one that waits has arrived by then.
    await ask('/healthz');
    store.add('{"sequence":1}');
    expect(await answer).toMatchObject({ body: { next: 2, alerts: [{ sequence: 1 }] } });
  });

  test('stops waiting after the time that was asked for', async () => {
    expect(await ask('/alerts?since=0&waitMs=20')).toMatchObject({ status: 200, body: { next: 1, alerts: [] } });
  });

  test('tells with the alerts that a configuration was refused', async () => {
    reload = { ...reload, refused: 1, refusal: { atMs: 1, says: 'it was refused', problems: ['x'] } };
    expect(await ask('/alerts')).toMatchObject({ body: { generation: 1, refusal: 'it was refused' } });
  });

  test('says what is wrong with its health', async () => {
    expect(await ask('/healthz')).toEqual({ status: 200, body: { ok: true } });
    problems = ['no heartbeat', 'no pods'];
    expect(await ask('/healthz')).toEqual({ status: 503, body: { ok: false, error: 'no heartbeat; no pods' } });
  });

  test.each([
    ['/alerts?since=-1', 'GET', 400],
    ['/alerts?since=1e3', 'GET', 400],
    ['/alerts?waitMs=soon', 'GET', 400],
    ['/why', 'GET', 400],
    ['/why?rule=R&at=-1', 'GET', 400],
    ['/why?rule=broken', 'GET', 500],
    ['/nothing', 'GET', 404],
    ['/alerts', 'POST', 405],
  ])('refuses %s by %s with %d', async (path, method, status) => {
    expect(await ask(path, method)).toMatchObject({ status, body: { error: expect.any(String) } });
  });

  test('answers why a rule did not fire, for a name with blanks and one event', async () => {
    expect(await ask('/why?rule=A+rule%3F&at=12')).toEqual({
      status: 200,
      body: { kind: 'unknown-rule', node: 'node-1', nearest: ['{"rule":"A rule?","at":12}'] },
    });
  });

  test('answers its statistics', async () => {
    expect(await ask('/stats')).toEqual({ status: 200, body: { node: 'node-1' } });
  });
});
