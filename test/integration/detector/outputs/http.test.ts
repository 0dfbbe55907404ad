import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaRunner, systemClock, waitFor, done, notYet } from '../../../../core/index.ts';
import { Output } from '../../../../detector/output/output.ts';
import { DeliveryRefused } from '../../../../detector/output/sink.ts';
import { kubernetesEventSink } from '../../../../detector/output/sinks/kubernetes-event-sink.ts';
import { webhookSink } from '../../../../detector/output/sinks/webhook-sink.ts';
import { documentOf, outputOf } from '../../../unit/detector/output/documents.ts';

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

interface Request {
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A receiver that answers with the statuses in their order, and then with 200; `undefined` is no answer. */
async function receiver(statuses: (number | undefined)[] = [], tls?: { readonly key: string; readonly cert: string }) {
  const requests: Request[] = [];
  const answer = async (request: IncomingMessage, respond: (status: number, text: string) => void): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    requests.push({ path: request.url, headers: request.headers, body });
    const status = statuses.length === 0 ? 200 : statuses.shift();
    if (status !== undefined) respond(status, `it is ${String(status)}`);
  };
  const server = (tls === undefined ? createServer() : createHttpsServer(tls)) as Server;
  server.on('request', (request, response) => {
    void answer(request, (status, text) => response.writeHead(status).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  return { requests, port, url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}/hook?a=b` };
}

describe('an output to a webhook', () => {
  test('posts JSON with the headers that were asked for', async () => {
    const to = await receiver();
    const sink = webhookSink(outputOf('webhook', { url: to.url, headers: { 'X-Lab': 'one' } }));
    await sink.deliver(documentOf(), soon());
    const [request] = to.requests;
    expect(request).toMatchObject({
      path: '/hook?a=b',
      headers: { 'content-type': 'application/json', 'x-lab': 'one' },
    });
    expect(JSON.parse(request?.body ?? '')).toEqual(documentOf());
  });

  test('or the text alone', async () => {
    const to = await receiver();
    await webhookSink(outputOf('webhook', { url: to.url, format: 'text' })).deliver(documentOf(), soon());
    expect(to.requests[0]).toMatchObject({
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: documentOf().output,
    });
  });

  test.each([500, 503, 429])('is worth another try after HTTP %d', async (status) => {
    const to = await receiver([status]);
    const failing = webhookSink(outputOf('webhook', { url: to.url })).deliver(documentOf(), soon());
    await expect(failing).rejects.toThrow(`answered HTTP ${String(status)}: it is ${String(status)}`);
    await expect(failing).rejects.not.toBeInstanceOf(DeliveryRefused);
  });

  test.each([400, 404, 302])('is given up after HTTP %d', async (status) => {
    const to = await receiver([status]);
    const sink = webhookSink(outputOf('webhook', { url: to.url }));
    await expect(sink.deliver(documentOf(), soon())).rejects.toBeInstanceOf(DeliveryRefused);
    expect(to.requests).toHaveLength(1);
  });

  test('that does not answer fails in time', async () => {
    const to = await receiver([undefined]);
    const sink = webhookSink(outputOf('webhook', { url: to.url }));
    await expect(sink.deliver(documentOf(), AbortSignal.timeout(200))).rejects.toThrow('did not answer in time');
  });

  test('brings an alert through a receiver that is away for a while, without ever holding up who raises it', async () => {
    const to = await receiver([503, undefined, 500]);
    const config = outputOf('webhook', { url: to.url, timeout_ms: 200, queue: 10 });
    const output = new Output({ config, sink: webhookSink(config), node: 'node-1', clock: systemClock });
    output.offer(documentOf({ sequence: 1 }));
    for (let n = 2; n <= 100; n++) output.offer(documentOf({ sequence: n }));
    // All were offered in one turn: not one of them has been sent, and only the queue holds some.
    expect(output.stats()).toMatchObject({ delivered: 0, dropped: 89 + 1 });
    await waitFor(async () => (output.stats().delivered === 10 ? done(true) : notYet(JSON.stringify(output.stats()))), {
      what: 'ten alerts',
      timeoutMs: 20_000,
      intervalMs: 20,
    });
    expect(output.stats()).toMatchObject({ retries: 3, failed: 0, queued: 0 });
    output.retire();
  }, 30_000);
});

describe('by https', () => {
  let folder: string;
  let tls: { readonly key: string; readonly cert: string };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-https-'));
    const subject = ['-subj', '/CN=receiver', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:kubernetes.default.svc'];
    const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')];
    await execaRunner().run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      ...subject,
      ...files,
    ]);
    tls = { key: await readFile(join(folder, 'key'), 'utf8'), cert: await readFile(join(folder, 'cert'), 'utf8') };
    await writeFile(join(folder, 'token'), 'secret\n');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('a webhook trusts the given authority, and says who it is', async () => {
    const to = await receiver([], tls);
    const files = { ca_file: join(folder, 'cert'), bearer_token_file: join(folder, 'token') };
    await webhookSink(outputOf('webhook', { url: to.url, ...files })).deliver(documentOf(), soon());
    expect(to.requests[0]?.headers.authorization).toBe('Bearer secret');
  });

  test('a webhook does not talk to whom it cannot trust', async () => {
    const to = await receiver([], tls);
    const sink = webhookSink(outputOf('webhook', { url: to.url }));
    await expect(sink.deliver(documentOf(), soon())).rejects.toThrow('self-signed certificate');
    expect(to.requests).toEqual([]);
  });

  test('a Kubernetes Event is made in the namespace of the pod, with the service account’s token', async () => {
    const to = await receiver([201], tls);
    const api = { host: '127.0.0.1', port: to.port, ca: tls.cert, token: () => Promise.resolve('jwt') };
    const sink = kubernetesEventSink({ api, uidOf: (namespace, pod) => `uid of ${namespace}/${pod}` });
    await sink.deliver(documentOf(), soon());
    expect(to.requests[0]).toMatchObject({
      path: '/apis/events.k8s.io/v1/namespaces/shop/events',
      headers: { authorization: 'Bearer jwt' },
    });
    expect(JSON.parse(to.requests[0]?.body ?? '')).toMatchObject({
      kind: 'Event',
      regarding: { name: 'web-0', uid: 'uid of shop/web-0' },
    });
  });

  test('a Kubernetes Event that is not allowed fails with the API server’s words', async () => {
    const to = await receiver([403], tls);
    const api = { host: '127.0.0.1', port: to.port, ca: tls.cert, token: () => Promise.resolve('jwt') };
    const sink = kubernetesEventSink({ api, uidOf: () => undefined });
    await expect(sink.deliver(documentOf(), soon())).rejects.toThrow('HTTP 403: it is 403');
  });
});
