import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, execaRunner, notYet, waitFor } from '../../../../core/index.ts';
import { syslogSink } from '../../../../detector/output/sinks/syslog-sink.ts';
import { documentOf, outputOf } from '../../../unit/detector/output/documents.ts';

const soon = (): AbortSignal => AbortSignal.timeout(10_000);
const HEAD =
  /^<132>1 2026-01-02T03:04:05\.123456Z node-1 kubedrill-detector \d+ alert \[kubedrill@32473 [^\]]+\] \ufeff/;

/** A syslog daemon on a stream, at a port or a path. */
async function daemon(at: number | string) {
  let text = '';
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    if (typeof at === 'string') server.listen(at, resolve);
    else server.listen(at, '127.0.0.1', resolve);
  });
  const hangUp = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    text: () => text,
    port: () => (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    hangUp,
    close: () => {
      hangUp();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const until = (what: string, look: () => string, holds: (text: string) => boolean) =>
  waitFor(async () => (holds(look()) ? done(look()) : notYet(look())), { what, timeoutMs: 10_000, intervalMs: 5 });

describe('an output to syslog', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-syslog-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test('by UDP sends a datagram for each alert', async () => {
    const socket = createSocket('udp4');
    const got: string[] = [];
    socket.on('message', (message) => got.push(message.toString()));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const sink = syslogSink(outputOf('syslog', { target: `udp://127.0.0.1:${String(socket.address().port)}` }));
    await sink.deliver(documentOf(), soon());
    await sink.deliver(documentOf({ output: 'second' }), soon());
    await until(
      'two datagrams',
      () => String(got.length),
      (count) => count === '2',
    );
    await sink.close();
    socket.close();
    expect(got[0]).toMatch(HEAD);
    expect(got[1]).toMatch(/second$/);
  });

  test('by TCP counts octets, and connects again when the daemon was away', async () => {
    const first = await daemon(0);
    const port = first.port();
    const sink = syslogSink(outputOf('syslog', { target: `tcp://127.0.0.1:${String(port)}` }));
    await sink.deliver(documentOf({ output: 'ä' }), soon());
    await until('a message', first.text, (text) => text.endsWith('ä'));
    const [, length, message = ''] = /^(\d+) (.*)$/s.exec(first.text()) ?? [];
    expect(Number(length)).toBe(Buffer.byteLength(message));
    expect(message).toMatch(HEAD);
    await first.close();
    await waitFor(
      async () =>
        sink.deliver(documentOf(), AbortSignal.timeout(1_000)).then(
          () => notYet('it has not been noticed'),
          () => done(true),
        ),
      { what: 'a failure', timeoutMs: 10_000, intervalMs: 10 },
    );
    const second = await daemon(port);
    await sink.deliver(documentOf({ output: 'again' }), soon());
    await until('another message', second.text, (text) => text.endsWith('again'));
    await sink.close();
    await second.close();
  });

  test('by TCP puts a message on a line where that is asked for', async () => {
    const to = await daemon(0);
    const target = `tcp://127.0.0.1:${String(to.port())}`;
    const sink = syslogSink(outputOf('syslog', { target, framing: 'lines', format: 'json' }));
    for (const output of ['a\nb', 'c']) await sink.deliver(documentOf({ output }), soon());
    const text = await until('two lines', to.text, (lines) => lines.split('\n').length === 3);
    expect(text.split('\n').map((one) => (one === '' ? '' : HEAD.test(one)))).toEqual([true, true, '']);
    await sink.close();
    await to.close();
  });

  test('to a daemon that reads nothing gives up in time', async () => {
    const mute = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const target = `tcp://127.0.0.1:${String((mute.address() as AddressInfo).port)}`;
    const sink = syslogSink(outputOf('syslog', { target, max_bytes: 64 * 1024 * 1024 }));
    const big = documentOf({ output: 'x'.repeat(32 * 1024 * 1024) });
    await expect(sink.deliver(big, AbortSignal.timeout(500))).rejects.toThrow('the receiver takes nothing');
    await sink.close();
    mute.close();
  });

  test('by a Unix stream socket', async () => {
    const path = join(folder, 'log');
    const to = await daemon(path);
    const sink = syslogSink(outputOf('syslog', { target: `unix:${path}` }));
    await sink.deliver(documentOf(), soon());
    await until('a message', to.text, (text) => text.endsWith('it happened'));
    await sink.close();
    await to.close();
  });

  test('by a Unix datagram socket, as /dev/log is one', async () => {
    const path = join(folder, 'log');
    const received = receiveDatagrams(path, 2);
    const sink = syslogSink(outputOf('syslog', { target: `unix:${path}` }));
    const deliverOne = async () => {
      await sink.deliver(documentOf({ output: 'ä one' }), soon());
      return done(undefined);
    };
    await waitFor(deliverOne, { what: 'the socket', timeoutMs: 10_000, intervalMs: 20 });
    await sink.deliver(documentOf({ output: 'two' }), soon());
    const [first, second] = (await received).split('\n');
    expect(first).toMatch(HEAD);
    expect(first).toMatch(/ä one$/);
    expect(second).toMatch(/two$/);
    await sink.close();
  });

  test('that is not there fails with the reason', async () => {
    const sink = syslogSink(outputOf('syslog', { target: `unix:${join(folder, 'none')}` }));
    await expect(sink.deliver(documentOf(), soon())).rejects.toThrow('ENOENT');
  });
});

/** Node.js has no datagrams on Unix sockets; Perl has. Answers so many of them, a line each. */
async function receiveDatagrams(path: string, count: number): Promise<string> {
  const script = `use Socket; $| = 1; socket(my $s, PF_UNIX, SOCK_DGRAM, 0); bind($s, pack_sockaddr_un($ARGV[0])) or die;
for (1..$ARGV[1]) { recv($s, my $m, 65536, 0); print "$m\\n"; }`;
  const { stdout } = await execaRunner().run('perl', ['-e', script, path, String(count)], { timeoutMs: 20_000 });
  return stdout;
}
