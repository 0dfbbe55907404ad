import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { createServer, isIPv4, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownAddresses } from '../../../network/agent/addresses.ts';
import { startAgent, type RunningAgent } from '../../../network/agent/agent.ts';
import { encodeQuery } from '../../../network/agent/dns/message.ts';
import { listenTcp, type Listener } from '../../../network/agent/listen.ts';
import { nodeResolver } from '../../../network/agent/probe/node-resolver.ts';
import { prober } from '../../../network/agent/probe/prober.ts';
import type { ProbeOutcome, ProbeTarget } from '../../../network/agent/protocol.ts';
import { CertificateAuthority } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';

const ADDRESS = '127.2.0.1';
const QUESTION = { nonce: 'fresh', keyId: 'k' };
const OPTIONS = { timeoutMs: 400 };

describe('a probe', () => {
  const probe = prober();
  const tryOnce = (target: ProbeTarget): Promise<ProbeOutcome> => probe(target, QUESTION, OPTIONS);

  describe('of an echo', () => {
    let agent: RunningAgent;
    beforeAll(async () => {
      agent = await startAgent({ identity: 'shop/web-1', node: 'lab-worker', port: 0, address: ADDRESS });
    });
    afterAll(() => agent.stop());

    test.each(['tcp', 'udp', 'http'] as const)('learns over %s who answers and whom it sees', async (kind) => {
      const outcome = await prober({ from: '127.2.0.7' })({ kind, host: ADDRESS, port: agent.port }, QUESTION, OPTIONS);
      expect(outcome).toMatchObject({
        kind: 'answer',
        answer: { identity: 'shop/web-1', node: 'lab-worker', nonce: 'fresh', observed: '127.2.0.7', own: [ADDRESS] },
      });
    });

    test('is told host and path over HTTP, and unsigned without a key', async () => {
      const outcome = await tryOnce({
        kind: 'http',
        host: ADDRESS,
        port: agent.port,
        hostHeader: 'app.lab.test',
        path: '/cart?x=1',
      });
      expect(outcome).toMatchObject({ status: 200, answer: { host: 'app.lab.test', path: '/cart?x=1' } });
      expect(outcome.kind === 'answer' ? outcome.answer.signature : 'no answer').toBeUndefined();
    });

    test('tells the address that the client was given, also when nobody answers', async () => {
      const told: string[] = [];
      const onSource = (address: string): void => void told.push(address);
      const own = prober({ from: '127.2.0.7' });
      for (const kind of ['tcp', 'udp', 'http'] as const) {
        await own({ kind, host: ADDRESS, port: agent.port }, QUESTION, { ...OPTIONS, onSource });
        await own({ kind, host: ADDRESS, port: 1 }, QUESTION, { ...OPTIONS, onSource });
      }
      expect(told).toEqual(Array(6).fill('127.2.0.7'));
    });

    test.each(['tcp', 'udp', 'http'] as const)('is found over %s by a name that is looked up first', async (kind) => {
      const resolver = nodeResolver(['env']);
      const both = await startAgent({ identity: 'shop/web-3', port: 0 });
      try {
        const byName = prober({ nodeResolver: resolver });
        const outcome = await byName({ kind, host: 'localhost', port: both.port }, QUESTION, { timeoutMs: 2_000 });
        expect(outcome).toMatchObject({ kind: 'answer', answer: { identity: 'shop/web-3' } });
        expect(await byName({ kind, host: 'nobody.invalid', port: 1 }, QUESTION, { timeoutMs: 2_000 })).toMatchObject({
          kind: 'failure',
          error: 'dns-no-answer',
        });
      } finally {
        resolver.stop();
        await both.stop();
      }
    });

    test('answers over UDP from the address that was asked, where the machine has others that are nearer', async () => {
      const own = ownAddresses()().find((address) => isIPv4(address));
      const both = await startAgent({ identity: 'shop/web-4', port: 0 });
      try {
        const outcome = await prober({ from: '127.2.0.9' })(
          { kind: 'udp', host: own ?? '127.2.0.8', port: both.port },
          QUESTION,
          OPTIONS,
        );
        expect(outcome).toMatchObject({ kind: 'answer', answer: { observed: '127.2.0.9' } });
      } finally {
        await both.stop();
      }
    });

    test('answers at its second port as at the first', async () => {
      const port = await freePort();
      const two = await startAgent({ identity: 'n1/pod-b', port: 0, secondPort: port, address: ADDRESS });
      try {
        for (const kind of ['tcp', 'udp'] as const) {
          expect(await tryOnce({ kind, host: ADDRESS, port })).toMatchObject({ answer: { identity: 'n1/pod-b' } });
        }
      } finally {
        await two.stop();
      }
    });

    test('is answered over IPv6 as well, under plain addresses', async () => {
      const both = await startAgent({ identity: 'shop/web-2', port: 0 });
      try {
        const over = async (host: string): Promise<unknown> => {
          const outcome = await tryOnce({ kind: 'tcp', host, port: both.port });
          return outcome.kind === 'answer' ? outcome.answer.observed : outcome;
        };
        expect([await over('127.0.0.1'), await over('::1')]).toEqual(['127.0.0.1', '::1']);
      } finally {
        await both.stop();
      }
    });
  });

  describe('of something else', () => {
    let listener: Listener | undefined;
    afterEach(() => listener?.close());
    const serve = async (onConnection: (socket: Socket) => void): Promise<number> => {
      listener = await listenTcp(createServer(onConnection), 0, ADDRESS);
      return listener.port;
    };

    test.each(['tcp', 'http'] as const)('is timed out over %s by a listener that says nothing', async (kind) => {
      const port = await serve((socket) => socket.on('error', () => undefined));
      expect(await tryOnce({ kind, host: ADDRESS, port })).toMatchObject({ kind: 'failure', error: 'timeout' });
    });

    test.each(['tcp', 'http'] as const)('is reset over %s by a listener that hangs up', async (kind) => {
      const port = await serve((socket) => socket.destroy());
      expect(await tryOnce({ kind, host: ADDRESS, port })).toMatchObject({ kind: 'failure', error: 'reset' });
    });

    test('finds a stranger out', async () => {
      const port = await serve((socket) => socket.end('SSH-2.0-something\n'));
      expect(await tryOnce({ kind: 'tcp', host: ADDRESS, port })).toMatchObject({ error: 'wrong-identity' });
    });

    test('keeps the status of a page that is not an identity', async () => {
      const port = await serve((socket) => {
        socket.on('error', () => undefined);
        socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnope');
      });
      expect(await tryOnce({ kind: 'http', host: ADDRESS, port })).toEqual({
        kind: 'status',
        status: 404,
        detail: 'nope',
      });
    });

    test.each(['tcp', 'udp', 'http'] as const)('is refused over %s where nobody listens', async (kind) => {
      const port = await serve(() => undefined);
      await listener?.close();
      listener = undefined;
      expect(await tryOnce({ kind, host: ADDRESS, port })).toMatchObject({ kind: 'failure', error: 'refused' });
    });
  });

  describe('over TLS', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubedrill-tls-'));
    let authority: CertificateAuthority;
    let server: TlsServer;
    beforeAll(async () => {
      authority = await CertificateAuthority.create(folder, 'authority');
      const { certificate, key } = await authority.issue('kube-apiserver');
      server = createTlsServer({ cert: certificate, key }, (_, response) => response.end('{"major":"1"}'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterAll(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    });
    const ask = (serverName: string, ca?: string): Promise<ProbeOutcome> =>
      probe(
        {
          ...{ kind: 'http', host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: '/version' },
          tls: { serverName, ...(ca === undefined ? {} : { ca }) },
        },
        QUESTION,
        { timeoutMs: 2_000 },
      );

    test('knows the server by its certificate, whatever the page says', async () => {
      expect(await ask('127.0.0.1', authority.certificate)).toEqual({
        kind: 'status',
        status: 200,
        detail: '{"major":"1"}',
        certificate: 'kube-apiserver',
      });
    });

    test('finds out a certificate of another name, and one of another authority', async () => {
      expect(await ask('kubernetes.default.svc', authority.certificate)).toMatchObject({ error: 'wrong-identity' });
      const other = await CertificateAuthority.create(folder, 'other');
      expect(await ask('127.0.0.1', other.certificate)).toMatchObject({ error: 'wrong-identity' });
    });

    test('asks for an identity where no authority is named', async () => {
      expect(await ask('127.0.0.1')).toMatchObject({ kind: 'failure', error: 'wrong-identity' });
    });
  });

  describe('of a name server', () => {
    let server: UdpSocket;
    let reply: (query: Buffer) => Buffer | undefined;
    beforeEach(async () => {
      server = createSocket('udp4');
      server.on('message', (query, client) => {
        const message = reply(query);
        if (message !== undefined) server.send(message, client.port, client.address);
      });
      server.bind(0, ADDRESS);
      await once(server, 'listening');
    });
    afterEach(() => server.close());
    const ask = (): Promise<ProbeOutcome> =>
      tryOnce({
        kind: 'dns',
        name: 'web.shop.svc.cluster.local.',
        recordType: 'A',
        server: `${ADDRESS}#${String(server.address().port)}`,
      });

    test.each([
      [3, 'dns-nxdomain'],
      [2, 'dns-servfail'],
      [5, 'dns-servfail'],
    ])('knows the answer code %d as %s', async (code, error) => {
      reply = (query) => answered(query, code, []);
      expect(await ask()).toMatchObject({ error });
    });

    test('reads the addresses', async () => {
      reply = (query) => answered(query, 0, [10, 96, 0, 7]);
      expect(await ask()).toEqual({ kind: 'records', records: ['10.96.0.7'] });
    });

    test('does not take an answer to another question', async () => {
      reply = (query) => {
        const other = answered(query, 0, [10, 96, 0, 7]);
        other.writeUInt16BE(query.readUInt16BE(0) ^ 1, 0);
        return other;
      };
      expect(await ask()).toMatchObject({ error: 'dns-no-answer' });
    });

    test('waits no longer than it may for one that is silent', async () => {
      reply = () => undefined;
      expect(await ask()).toMatchObject({ error: 'dns-no-answer' });
    });
  });

  describe("of the node's own resolver", () => {
    test('gives up on a lookup that hangs, and goes on with the next', async () => {
      const slow = nodeResolver(['env', 'PATH=/nowhere', '/bin/sh', '-c', 'exec 3>&1; while read -r n; do :; done #']);
      try {
        expect(await slow.lookUp('localhost', 100)).toMatchObject({ error: 'dns-no-answer' });
        expect(await slow.lookUp('localhost', 100)).toMatchObject({ error: 'dns-no-answer' });
      } finally {
        slow.stop();
      }
    });

    test('says when the node cannot be entered', async () => {
      const broken = nodeResolver(['false']);
      expect(await broken.lookUp('localhost', 2_000)).toMatchObject({ error: 'prober-down' });
    });

    test.each(['-h', 'a b', '$(reboot)', ''])('never hands %j to a shell', async (name) => {
      const unused = nodeResolver(['false']);
      expect(await unused.lookUp(name, 100)).toMatchObject({ error: 'dns-nxdomain' });
    });
  });
});

function answered(query: Buffer, code: number, address: readonly number[]): Buffer {
  const end = query.length - 11;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(address.length === 0 ? 0 : 1, 6);
  header.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, ...address]);
  return Buffer.concat([header, query.subarray(12, end), address.length === 0 ? Buffer.alloc(0) : record]);
}

test('a query has the form that these answers are made from', () => {
  expect(encodeQuery({ id: 1, name: 'a.', recordType: 'A' })).toHaveLength(12 + 3 + 4 + 11);
});
