import { mkdtemp, rm } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { Agent, request, type RequestOptions as HttpsOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, waitFor } from '../../../core/index.ts';
import {
  serveAuditWebhook,
  type AuditWebhook,
  type AuditWebhookStats,
} from '../../../detector/source/audit-webhook.ts';
import type { ClientProof } from '../../../detector/source/audit-webhook-clients.ts';
import { CertificateAuthority, type Identity } from '../../support/certificates.ts';

type RequestOptions = Omit<HttpsOptions, 'headers'> & { readonly headers?: OutgoingHttpHeaders };

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly isReused: boolean;
}

const TOKEN = 'of-the-api-server';
const event = (auditID: string): object => ({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', auditID });
const list = (...ids: readonly string[]): string =>
  JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items: ids.map(event) });

describe('the webhook for audit events', () => {
  let folder: string;
  let authority: CertificateAuthority;
  let server: Identity;
  let stranger: Identity;
  let stop: AbortController;
  let webhook: AuditWebhook;
  let agent: Agent;
  let seen: unknown[];
  let lost: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-webhook-'));
    authority = await CertificateAuthority.create(folder, 'lab');
    server = await authority.issue('server');
    stranger = await (await CertificateAuthority.create(folder, 'elsewhere')).issue('stranger');
  });

  afterAll(() => rm(folder, { recursive: true }));

  beforeEach(() => {
    stop = new AbortController();
    agent = new Agent({ keepAlive: true, maxSockets: 10 });
    seen = [];
    lost = [];
  });

  afterEach(async () => {
    agent.destroy();
    stop.abort();
    await webhook.finished;
  });

  interface Limits {
    readonly clients?: ClientProof;
    readonly maxBodyBytes?: number;
    readonly maxBufferedBytes?: number;
  }

  async function start(limits: Limits = { maxBodyBytes: 1_000 }): Promise<void> {
    webhook = await serveAuditWebhook({
      host: '127.0.0.1',
      port: 0,
      path: '/audit',
      ...server,
      clients: { kind: 'token', token: TOKEN },
      onEvents: (body) => {
        if (JSON.stringify(body).includes('unbearable')) throw new Error('it broke');
        seen.push(body);
      },
      onLost: (why) => lost.push(why),
      signal: stop.signal,
      ...limits,
    });
  }

  /** As the API server posts: with its timeout in the query, and its CA from the kubeconfig. */
  function begin(options: RequestOptions, answered: (answer: Answer) => void, failed: (error: Error) => void) {
    const client = request(
      {
        host: '127.0.0.1',
        port: webhook.port,
        path: '/audit?timeout=30s',
        method: 'POST',
        agent,
        ca: authority.certificate,
        ...options,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...options.headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          answered({ status: response.statusCode, text, isReused: client.reusedSocket });
        });
      },
    );
    return client.on('error', failed);
  }

  function post(body: string, options: RequestOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      begin(options, resolve, reject).end(body);
    });
  }

  function until(what: string, isTrue: (stats: AuditWebhookStats) => boolean): Promise<void> {
    return waitFor(
      () => Promise.resolve(isTrue(webhook.stats()) ? done(undefined) : notYet(JSON.stringify(webhook.stats()))),
      { what, timeoutMs: 10_000, intervalMs: 5 },
    );
  }

  test('takes batches and single events over one connection that stays open', async () => {
    await start();
    expect(await post(list('a', 'b'))).toMatchObject({ status: 200, isReused: false });
    expect(await post(JSON.stringify(event('c')))).toMatchObject({ status: 200, isReused: true });
    expect(seen).toEqual([JSON.parse(list('a', 'b')), event('c')]);
    expect(webhook.stats().accepted).toBe(2);
  });

  const REFUSED: readonly (readonly [string, string, RequestOptions, number, keyof AuditWebhookStats, number])[] = [
    ['a body that is no JSON', '{"kind": "Event', {}, 400, 'badJson', 1],
    ['JSON that is no audit event', '{"kind": "Pod", "apiVersion": "v1"}', {}, 400, 'notAudit', 1],
    ['an older version of audit events', list('a').replace('/v1', '/v1beta1'), {}, 400, 'notAudit', 1],
    ['a list without items', '{"kind":"EventList","apiVersion":"audit.k8s.io/v1"}', {}, 400, 'notAudit', 1],
    ['a body that is too long', list('x'.repeat(1_500)), {}, 413, 'tooLong', 1],
    ['another kind of body', list('a'), { headers: { 'content-type': 'text/plain' } }, 415, 'wrongType', 0],
    ['a compressed body', list('a'), { headers: { 'content-encoding': 'gzip' } }, 415, 'wrongType', 0],
    ['another token', list('a'), { headers: { authorization: 'Bearer guessed' } }, 401, 'wrongClient', 0],
    ['another path', list('a'), { path: '/' }, 404, 'wrongPath', 0],
    ['another method', list('a'), { method: 'PUT' }, 405, 'wrongMethod', 0],
  ];

  test.each(REFUSED)(
    'refuses %s, counts it, and takes what comes next',
    async (_what, body, options, status, cause, holes) => {
      await start();
      expect((await post(body, options)).status).toBe(status);
      expect((await post(list('next'))).status).toBe(200);
      expect(seen).toEqual([JSON.parse(list('next'))]);
      expect(webhook.stats()).toMatchObject({ [cause]: 1, accepted: 1 });
      expect(lost).toHaveLength(holes);
    },
  );

  test('refuses a body over 12 MiB by default, and takes one just below', async () => {
    await start({});
    const frame = list('').length;
    const limit = 12 * 1024 * 1024;
    expect((await post(list('x'.repeat(limit - frame)))).status).toBe(200);
    expect((await post(list('x'.repeat(limit - frame + 1)))).status).toBe(413);
    expect(seen).toHaveLength(1);
  });

  test('asks for a batch again when too many come at a time', async () => {
    await start({ maxBodyBytes: 1_000, maxBufferedBytes: 900 });
    const slow = new Promise<Answer>((resolve, reject) => {
      const client = begin({ headers: { 'transfer-encoding': 'chunked' } }, resolve, reject);
      const body = list('y'.repeat(700));
      client.write(body.slice(0, 800));
      // The rest follows when another body has found no room.
      void until('a refused body', ({ noRoom }) => noRoom === 1).then(() => client.end(body.slice(800)), reject);
      const again = (): void => {
        if (webhook.stats().noRoom > 0) return;
        void post(list('z'.repeat(300))).then(again, reject);
      };
      again();
    });
    expect((await slow).status).toBe(200);
    expect((await post(list('z'.repeat(300)))).status).toBe(200);
  });

  test('answers and counts a batch that breaks the judging, and takes what comes next', async () => {
    await start();
    expect((await post(list('unbearable'))).status).toBe(500);
    expect((await post(list('next'))).status).toBe(200);
    expect(webhook.stats()).toMatchObject({ notJudged: 1, accepted: 1 });
    expect(lost).toEqual(['a request to the audit webhook was refused: its events could not be judged']);
  });

  test('counts a body that breaks off', async () => {
    await start();
    const client = begin(
      { headers: { 'content-length': 500 } },
      () => undefined,
      () => undefined,
    );
    client.write('{', () => client.destroy());
    await until('the broken body', ({ brokenOff }) => brokenOff === 1);
    expect(lost).toHaveLength(1);
  });

  test('counts a client that does not speak TLS rightly', async () => {
    await start();
    await expect(post(list('a'), { ca: stranger.certificate, agent: new Agent() })).rejects.toThrow();
    await until('the broken handshake', ({ brokenTls }) => brokenTls >= 1);
    expect((await post(list('b'))).status).toBe(200);
  });

  test('knows clients by certificates of its authority, and no others', async () => {
    await start({ clients: { kind: 'certificate', authority: authority.certificate } });
    const known = await authority.issue('api-server');
    const as = ({ certificate, key }: Identity) => ({ cert: certificate, key, agent: new Agent() });
    expect((await post(list('a'), as(known))).status).toBe(200);
    expect((await post(list('b'), as(stranger))).status).toBe(401);
    expect((await post(list('c'), { agent: new Agent() })).status).toBe(401);
    expect(seen).toEqual([JSON.parse(list('a'))]);
    expect(webhook.stats()).toMatchObject({ accepted: 1, wrongClient: 2 });
  });

  test('answers a request that has begun before it ends, and takes none after', async () => {
    await start();
    const answer = new Promise<Answer>((resolve, reject) => {
      const client = begin({ headers: { 'transfer-encoding': 'chunked' } }, resolve, reject);
      const body = list('last');
      client.on('socket', (socket) => {
        socket.once('secureConnect', () => {
          client.write(body.slice(0, 10), () => {
            stop.abort();
            client.end(body.slice(10));
          });
        });
      });
    });
    expect((await answer).status).toBe(200);
    await webhook.finished;
    await expect(post(list('late'), { agent: new Agent() })).rejects.toThrow('ECONNREFUSED');
  });
});
