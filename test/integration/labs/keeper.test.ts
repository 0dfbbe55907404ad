import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer, type WebSocket } from 'ws';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { supervise } from '../../../labs/keeper/agent-process.ts';
import type { HeldShell } from '../../../labs/keeper/protocol.ts';
import { keeperServer } from '../../../labs/keeper/server.ts';
import { freePort } from '../../support/free-port.ts';

const STDOUT = 1;
const STATUS = 3;
/** Ctrl-D on the input; and with v5 of the protocol, the input's end where there is no terminal. */
const HANG_UPS: readonly string[] = ['\u0000\u0004', '\u00ff\u0000'];

/** An API server that knows one thing: to give out exec streams, or to refuse them. */
class FakeApi {
  readonly asked: IncomingMessage[] = [];
  readonly received: string[] = [];
  readonly closed: string[] = [];
  refusal: { readonly status: number; readonly message: string } | undefined;
  stream: WebSocket | undefined;
  readonly #server = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });

  async start(): Promise<void> {
    this.#server.on('upgrade', (request, socket, head) => {
      this.asked.push(request);
      if (this.refusal) {
        const body = JSON.stringify({ kind: 'Status', message: this.refusal.message });
        socket.end(
          `HTTP/1.1 ${String(this.refusal.status)} No\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
        );
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (stream) => {
        this.stream = stream;
        stream.on('message', (data) => {
          const text = data.toString('latin1');
          this.received.push(text);
          if (HANG_UPS.includes(text)) this.say(STATUS, JSON.stringify({ status: 'Success' }));
        });
        stream.on('close', () => this.closed.push('closed'));
      });
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  say(channel: number, text: string): void {
    this.stream?.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
  }

  kubeconfig(): string {
    const { port } = this.#server.address() as AddressInfo;
    return JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${String(port)}` } }],
      users: [{ name: 'u', user: { token: 'stolen' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    });
  }

  async stop(): Promise<void> {
    this.stream?.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let api: FakeApi;
let keeper: Server;
let folder: string;

beforeEach(async () => {
  api = new FakeApi();
  await api.start();
  folder = mkdtempSync(join(tmpdir(), 'kd-keeper-'));
  keeper = keeperServer(() => ({ agent: 'none' }));
  await new Promise<void>((resolve) => keeper.listen(join(folder, 'k.sock'), resolve));
});
afterEach(async () => {
  for (const { id } of (await ask<readonly HeldShell[]>('GET', '/shells')).body) await ask('DELETE', `/shells/${id}`);
  keeper.closeAllConnections();
  await new Promise((resolve) => keeper.close(resolve));
  await api.stop();
  rmSync(folder, { recursive: true });
});

function ask<T = HeldShell & { readonly error?: string }>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: T }> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({ socketPath: join(folder, 'k.sock'), method, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) as T }),
      );
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function shellRequest(id: string, more: object = {}) {
  return {
    id,
    kubeconfig: api.kubeconfig(),
    namespace: 'shop',
    pod: 'web-0',
    command: ['sh', '-i'],
    mode: 'exec',
    terminal: 'tty',
    ...more,
  };
}

/** Asks for a session, and lets the other end say something once it is connected. */
async function opened(id: string, more: object = {}): Promise<HeldShell> {
  const answer = ask('POST', '/shells', shellRequest(id, more));
  await until(() => api.stream !== undefined, 'the stream');
  api.say(STDOUT, '$ ');
  return (await answer).body;
}

function until(condition: () => boolean | Promise<boolean>, what: string): Promise<undefined> {
  return waitFor(async () => ((await condition()) ? done(undefined) : notYet('no')), {
    what,
    timeoutMs: 10_000,
    intervalMs: 20,
  });
}

async function viewOf(id: string): Promise<HeldShell> {
  return (await ask('GET', `/shells/${id}`)).body;
}

describe('the keeper', () => {
  test('holds an exec session with a terminal, with the identity and the command it was given', async () => {
    expect(await opened('a', { container: 'web' })).toMatchObject({ state: 'open', output: '$ ' });
    const [request] = api.asked;
    const url = new URL(request?.url ?? '', 'http://api');
    expect(url.pathname).toBe('/api/v1/namespaces/shop/pods/web-0/exec');
    expect(url.searchParams.getAll('command')).toEqual(['sh', '-i']);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tty: 'true',
      stdin: 'true',
      stderr: 'false',
      container: 'web',
    });
    expect(request?.headers.authorization).toBe('Bearer stolen');
  });

  test('attaches without a command', async () => {
    await opened('a', { mode: 'attach', terminal: 'none' });
    const url = new URL(api.asked[0]?.url ?? '', 'http://api');
    expect([url.pathname, url.searchParams.has('command'), url.searchParams.get('stderr')]).toEqual([
      '/api/v1/namespaces/shop/pods/web-0/attach',
      false,
      'true',
    ]);
  });

  test('types into a session, and keeps what it says', async () => {
    await opened('a');
    expect((await ask('POST', '/shells/a/input', { text: 'id\n' })).status).toBe(200);
    await until(() => api.received.length > 0, 'the input');
    expect(api.received).toEqual(['\u0000id\n']);
    api.say(STDOUT, 'uid=0\r\n');
    await until(async () => (await viewOf('a')).output === '$ uid=0\r\n', 'the output');
  });

  test('says with whose words it was refused', async () => {
    api.refusal = { status: 403, message: 'pods "web-0" is forbidden: User "mallory" cannot create pods/exec' };
    const { body } = await ask('POST', '/shells', shellRequest('a'));
    expect(body).toMatchObject({
      state: 'closed',
      why: 'HTTP 403: pods "web-0" is forbidden: User "mallory" cannot create pods/exec',
    });
  });

  test.each([
    ['the command ended', { status: 'Success' }, 'the command ended'],
    ['the pod was killed', { status: 'Failure', message: 'exit code 137' }, 'exit code 137'],
  ])('notices that %s, and why', async (_case, status, why) => {
    await opened('a');
    api.say(STATUS, JSON.stringify(status));
    await until(async () => (await viewOf('a')).state === 'closed', 'the end');
    expect((await viewOf('a')).why).toBe(why);
  });

  test.each([
    ['with a terminal by the keys that a person would type', 'tty', HANG_UPS[0]],
    ['without a terminal by the end of its input', 'none', HANG_UPS[1]],
  ])('asks what runs in a session %s to go, then hangs up and forgets it', async (_case, terminal, bytes) => {
    await opened('a', { terminal });
    await ask('DELETE', '/shells/a');
    expect(api.received).toEqual([bytes]);
    await until(() => api.closed.length === 1, 'the close');
    expect((await ask('GET', '/shells/a')).status).toBe(404);
  });

  test('does not let one session take the id of another that is open', async () => {
    await opened('a');
    const { status, body } = await ask('POST', '/shells', shellRequest('a'));
    expect([status, body.error]).toEqual([409, 'a session a is open already']);
  });

  test.each([
    ['GET', '/shells/nobody', 404],
    ['POST', '/shells/nobody/input', 404],
    ['GET', '/nonsense', 404],
    ['POST', '/shells', 400],
    ['DELETE', '/shells/nobody', 200],
  ])('answers %s %s with %i', async (method, path, status) => {
    expect((await ask(method, path, undefined)).status).toBe(status);
  });

  test('listens for a reverse shell, and is its terminal', async () => {
    const port = await freePort();
    expect((await ask('POST', '/listeners', { id: 'r', port })).body).toMatchObject({
      kind: 'listener',
      state: 'connecting',
    });
    const victim: Socket = connect(port, '127.0.0.1');
    const typed: string[] = [];
    victim.on('data', (data: Buffer) => typed.push(data.toString()));
    victim.write('$ ');
    await until(async () => (await viewOf('r')).output === '$ ', 'the caller');
    await ask('POST', '/shells/r/input', { text: 'whoami\n' });
    await until(() => typed.join('') === 'whoami\n', 'the input');
    victim.destroy();
    await until(async () => (await viewOf('r')).state === 'closed', 'the end');
  });

  test('says when a port to listen on is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '::', resolve));
    const { port } = taken.address() as AddressInfo;
    const { status, body } = await ask('POST', '/listeners', { id: 'r', port });
    await new Promise((resolve) => taken.close(resolve));
    expect([status, body.error]).toEqual([400, expect.stringContaining('EADDRINUSE')]);
  });
});

describe('a supervised program', () => {
  test('is started again when it ends, until it is stopped', async () => {
    const file = join(folder, 'starts');
    writeFileSync(file, '');
    const program = supervise(process.execPath, ['-e', `require('fs').appendFileSync(${JSON.stringify(file)}, 'x')`]);
    await until(() => readFileSync(file, 'utf8').length >= 2, 'the second start');
    expect(program.state().starts).toBeGreaterThanOrEqual(2);
    program.stop();
  });
});
