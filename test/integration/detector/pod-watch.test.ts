import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, systemClock, waitFor } from '../../../core/index.ts';
import { PodIndex } from '../../../detector/enrich/pod-index.ts';
import { watchPods, type PodWatch } from '../../../detector/enrich/pod-watch.ts';

const gap = opensslGap();

function opensslGap(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return ' [skipped: needs openssl for a certificate]';
  }
}

/** A certificate that is its own authority, for the name that every API server's certificate has. */
function makeCertificate(folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=test', '-addext', 'subjectAltName=DNS:kubernetes.default.svc', '-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

const pod = (name: string, version: string): object => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: version },
});

(gap === undefined ? describe : describe.skip)(`watching the pods of a node${gap ?? ''}`, () => {
  let folder: string;
  let certificate: ReturnType<typeof makeCertificate>;
  let server: Server;
  let asked: string[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let stop: AbortController;
  let index: PodIndex;
  let watch: PodWatch;
  let tokens: number;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubedrill-api-'));
    certificate = makeCertificate(folder);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    asked = [];
    tokens = 0;
    index = new PodIndex();
    stop = new AbortController();
    server = createServer(certificate, (request, response) => {
      asked.push(`${request.headers.authorization ?? ''} ${request.url ?? ''}`);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    stop.abort();
    await watch.finished;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function start(ca = certificate.cert): void {
    watch = watchPods({
      api: {
        host: '127.0.0.1',
        port: (server.address() as AddressInfo).port,
        ca,
        token: () => Promise.resolve(`token-${String(++tokens)}`),
      },
      nodeName: 'node-1',
      index,
      clock: { ...systemClock, sleep: (_ms, signal) => systemClock.sleep(1, signal) },
      signal: stop.signal,
      onChange: () => undefined,
    });
  }

  function until(what: string, isTrue: () => boolean): Promise<void> {
    return waitFor(
      () => Promise.resolve(isTrue() ? done(undefined) : notYet(JSON.stringify({ asked, stats: watch.stats() }))),
      { what, timeoutMs: 20_000, intervalMs: 10 },
    );
  }

  const knows = (name: string): boolean => index.pod({ id: '', podUid: `uid-${name}` }) !== undefined;
  const list = (...pods: readonly object[]): string =>
    JSON.stringify({ metadata: { resourceVersion: '10' }, items: pods });
  const isWatch = (request: IncomingMessage): boolean => request.url?.includes('watch=1') === true;

  test('lists the node’s pods, then follows them, with a token read anew each time', async () => {
    answer = (request, response) => {
      if (!isWatch(request)) {
        response.end(list(pod('a', '1')));
        return;
      }
      response.write(`${JSON.stringify({ type: 'ADDED', object: pod('b', '11') })}\n`);
      response.write(`${JSON.stringify({ type: 'DELETED', object: pod('a', '12') })}\n`);
    };
    start();
    await until('both changes', () => knows('b') && watch.stats().pods === 1);
    expect(watch.stats()).toEqual({ pods: 1, isListed: true });
    expect(asked[0]).toBe('Bearer token-1 /api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1');
    expect(asked[1]).toMatch(/^Bearer token-2 .*resourceVersion=10/);
  });

  test('goes on from where a watch ended', async () => {
    const bookmark = JSON.stringify({ type: 'BOOKMARK', object: { metadata: { name: '', resourceVersion: '42' } } });
    answer = (request, response) => {
      response.end(isWatch(request) ? `${bookmark}\n` : list());
    };
    start();
    await until('a second watch', () => asked.some((one) => one.includes('resourceVersion=42')));
    expect(asked.filter((one) => !one.includes('watch=1'))).toHaveLength(1);
  });

  test('lists again when the server has forgotten the version', async () => {
    answer = (request, response) => {
      response.end(
        isWatch(request) ? `${JSON.stringify({ type: 'ERROR', object: { metadata: {}, code: 410 } })}\n` : list(),
      );
    };
    start();
    await until('a second list', () => asked.filter((one) => !one.includes('watch=1')).length >= 2);
  });

  test.each([
    ['an error', (response: ServerResponse) => response.writeHead(403).end('{}'), 'HTTP 403'],
    ['something that is no JSON', (response: ServerResponse) => response.end('<html>'), 'JSON'],
    ['a broken connection', (response: ServerResponse) => response.destroy(), ''],
  ])('tries again after %s, and says what the trouble is', async (_, fail, says) => {
    let failures = 2;
    let trouble = '';
    answer = (request, response) => {
      trouble = watch.stats().trouble ?? trouble;
      if (failures-- > 0) fail(response);
      else if (!isWatch(request)) response.end(list(pod('a', '1')));
    };
    start();
    await until('the list', () => watch.stats().isListed);
    expect(knows('a')).toBe(true);
    expect(trouble).toContain(says);
    expect(watch.stats().trouble).toBeUndefined();
  });

  test('keeps what it knows while the API server is away', async () => {
    answer = (request, response) => {
      if (isWatch(request)) response.destroy();
      else if (asked.filter((one) => !one.includes('watch=1')).length > 1) response.writeHead(500).end();
      else response.end(list(pod('a', '1')));
    };
    start();
    await until('the trouble', () => watch.stats().trouble !== undefined && watch.stats().isListed);
    expect(knows('a')).toBe(true);
  });

  test('trusts no server but the one of its certificate authority', async () => {
    answer = (_request, response) => response.end(list(pod('evil', '1')));
    const other = mkdtempSync(join(tmpdir(), 'kubedrill-api-'));
    start(makeCertificate(other).cert);
    await until('the trouble', () => watch.stats().trouble !== undefined);
    rmSync(other, { recursive: true });
    expect(asked).toEqual([]);
    expect(watch.stats()).toMatchObject({ isListed: false, trouble: expect.stringContaining('certificate') });
  });
});
