import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, waitFor } from '../../../core/index.ts';
import { descriptorOf, type Descriptor } from '../../../detector/enrich/descriptor.ts';
import { encodeFrame, FrameKind } from '../../../detector/source/frames.ts';
import {
  encodeConfigure,
  encodeSnapshotRequest,
  type SensorMessage,
  type SensorStatistics,
} from '../../../detector/source/messages.ts';
import { RecordFlag, type SensorRecord } from '../../../detector/source/record.ts';
import type { SensorLink } from '../../../detector/source/sensor-link.ts';
import {
  buildSensor,
  firstChildOf,
  sensorGap,
  startSensor,
  waitForMessage,
  type RunningSensor,
} from '../../support/sensor.ts';

/** On a whole machine, all calls are more than anybody wants. */
const WANTED = { types: new Set(['open', 'creat', 'openat', 'openat2', 'connect']) };

const gap = sensorGap();
/** A machine that is busy is slow, not broken. */
const SLOW_MS = 120_000;

(gap === undefined ? describe : describe.skip)(`the sensor on this kernel${gap ?? ''}`, () => {
  let built: ReturnType<typeof buildSensor>;
  let sensor: RunningSensor;
  let link: SensorLink;
  let folder: string;
  let marks = 0;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    built = buildSensor();
    sensor = await startSensor(built.file);
    link = await sensor.connect();
    link.send(encodeConfigure(WANTED));
    folder = mkdtempSync(join(tmpdir(), 'kubedrill-acts-'));
  }, SLOW_MS);

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await sensor.stop();
    built.remove();
    rmSync(folder, { recursive: true });
  });

  /** A word that occurs in nobody else's processes and files. */
  const mark = (): string => `mark-${String(process.pid)}-${String(++marks)}`;

  function event(what: string, wanted: (record: SensorRecord) => boolean, of = sensor): Promise<SensorRecord> {
    return waitForMessage(of, what, (message) =>
      message.kind === 'event' && wanted(message.record) ? message.record : undefined,
    );
  }

  function statistics(of = sensor): Promise<SensorStatistics> {
    const before = of.messages.length;
    return waitForMessage(of, 'the next heartbeat', (message, n) =>
      n >= before && message.kind === 'statistics' ? message.statistics : undefined,
    );
  }

  const execWith = (word: string) => (record: SensorRecord) =>
    record.type === 'execve' && record.result === 0 && record.words(0).includes(word);
  const openOf = (name: string) => (record: SensorRecord) =>
    descriptorOf(record, 'x86-64')?.kind === 'file' && record.text(0).endsWith(name);

  test(
    'reports the processes that were there before, this one among them',
    () => {
      const mine = sensor.messages
        .map((message) => (message.kind === 'process' ? message.record : undefined))
        .find((record) => record?.id('pid') === process.pid);
      const commandLine = readFileSync('/proc/self/cmdline', 'utf8').slice(0, 4096);
      expect(mine?.words(0)).toEqual(commandLine.replace(/\0$/, '').split('\0'));
      expect(mine?.walkedPath(2)).toBe(process.execPath);
      expect(mine?.walkedPath(3)).toBe(process.cwd());
      expect(mine?.id('ppid')).toBe(process.ppid);
    },
    SLOW_MS,
  );

  test(
    'sees an exec on a terminal: arguments, program, working directory, parent, session and terminal',
    async () => {
      const word = mark();
      spawnSync('script', ['-qec', `sh -c 'true; exit 3' ${word}`, '/dev/null'], { cwd: folder });
      const record = await event('the shell', execWith(word));
      expect(record.words(0)).toEqual(['sh', '-c', 'true; exit 3', word]);
      expect(record.comm).toBe('sh');
      expect(record.walkedPath(2)).toMatch(/^\/usr\/bin\//);
      expect(record.walkedPath(3)).toBe(folder);
      // Terminals of /dev/pts have the major numbers from 136 on.
      expect(record.id('tty') >> 8).toBeGreaterThanOrEqual(136);
      expect(record.id('sid')).toBe(record.id('pgid'));
      expect(record.text(5)).not.toBe('');
      const script = await event('script', execWith('-qec'));
      expect([script.id('pid'), record.id('sid')]).toContain(record.id('ppid'));
    },
    SLOW_MS,
  );

  test(
    'sees with which status a process ends',
    async () => {
      const { pid } = spawnSync('sh', ['-c', 'exit 3']);
      const exit = await event('its end', (record) => record.type === 'procexit' && record.id('pid') === pid);
      expect(Number(exit.number(0)) >> 8).toBe(3);
    },
    SLOW_MS,
  );

  test(
    'sees no terminal where there is none',
    async () => {
      const word = mark();
      spawnSync('setsid', ['--wait', 'true', word]);
      const record = await event('it', (one) => execWith(word)(one) && one.comm === 'true');
      expect(record.id('tty')).toBe(0);
      expect(record.id('sid')).toBe(record.id('pid'));
    },
    SLOW_MS,
  );

  test(
    'sees an exec that fails',
    async () => {
      const name = `/no/${mark()}`;
      spawnSync('sh', ['-c', `exec ${name}`]);
      const record = await event('it', (one) => one.type === 'execve' && one.result < 0 && one.text(1) === name);
      expect(record.result).toBe(-2);
      expect(record.comm).toBe('sh');
    },
    SLOW_MS,
  );

  test(
    'tells that arguments were cut',
    async () => {
      const word = mark();
      spawnSync('true', [word, 'x'.repeat(9_000)]);
      const record = await event('it', execWith(word));
      expect(record.flags & RecordFlag.truncated).toBe(RecordFlag.truncated);
      expect(record.bytes(0)).toHaveLength(4_096);
    },
    SLOW_MS,
  );

  describe('opens', () => {
    const fileOf = (record: SensorRecord): Descriptor | undefined => descriptorOf(record, 'x86-64');

    test(
      'of a path, with the descriptor as result',
      async () => {
        const path = join(folder, mark());
        writeFileSync(path, '');
        const descriptor = openSync(path, 'r');
        const record = await event('it', (one) => openOf(path)(one) && one.result === descriptor);
        closeSync(descriptor);
        expect(fileOf(record)).toMatchObject({ path, number: descriptor });
        expect(record.id('pid')).toBe(process.pid);
      },
      SLOW_MS,
    );

    test.each([
      ['its working directory', (name: string) => `cat ${name}`],
      ['a directory above', (name: string) => `mkdir -p sub && cd sub && cat ../sub/../${name}`],
    ])(
      'of a name that starts from %s',
      async (_, script) => {
        const name = mark();
        writeFileSync(join(folder, name), '');
        spawnSync('sh', ['-c', script(name)], { cwd: folder });
        const record = await event('it', (one) => openOf(name)(one) && one.comm === 'cat');
        expect(fileOf(record)).toMatchObject({ path: join(folder, name) });
        expect(record.result).toBeGreaterThanOrEqual(0);
      },
      SLOW_MS,
    );

    test(
      'that create the file, and those that find it',
      async () => {
        const path = join(folder, mark());
        for (let n = 0; n < 2; n++) closeSync(openSync(path, 'a'));
        await waitFor(
          () => {
            const created = sensor.messages
              .flatMap((message) => (message.kind === 'event' && openOf(path)(message.record) ? [message.record] : []))
              .map((record) => (record.number(5) >> 32n) & 1n);
            return Promise.resolve(created.length === 2 ? done(created) : notYet(String(created)));
          },
          { what: 'both opens', timeoutMs: 60_000, intervalMs: 20 },
        ).then((created) => {
          expect(created).toEqual([1n, 0n]);
        });
      },
      SLOW_MS,
    );

    test(
      'that fail',
      async () => {
        const path = join(folder, mark());
        expect(() => openSync(path, 'r')).toThrow('ENOENT');
        expect((await event('it', openOf(path))).result).toBe(-2);
      },
      SLOW_MS,
    );
  });

  describe('connects', () => {
    test(
      'over TCP, with both ends',
      async () => {
        const server = createServer().listen(0, '127.0.0.1');
        await new Promise((resolve) => server.on('listening', resolve));
        const { port } = server.address() as AddressInfo;
        const socket = createConnection(port, '127.0.0.1');
        await new Promise((resolve) => socket.on('connect', resolve));
        const record = await event('it', (one) => {
          const found = descriptorOf(one, 'x86-64');
          return found?.kind === 'socket' && found.remote?.port === port;
        });
        expect(descriptorOf(record, 'x86-64')).toMatchObject({
          family: 'ipv4',
          protocol: 'tcp',
          remote: { address: '127.0.0.1', port },
          local: { address: '127.0.0.1', port: socket.localPort },
          isConnected: true,
        });
        socket.destroy();
        server.close();
      },
      SLOW_MS,
    );

    test(
      'to a unix socket, by its path',
      async () => {
        const path = join(folder, mark());
        const socket = createConnection(path);
        await new Promise((resolve) => socket.on('error', resolve));
        const record = await event('it', (one) => {
          const found = descriptorOf(one, 'x86-64');
          return found?.kind === 'socket' && found.path === path;
        });
        expect(record.result).toBe(-2);
      },
      SLOW_MS,
    );
  });

  test(
    'reports its heartbeat and what it has emitted',
    async () => {
      const first = await statistics();
      spawnSync('true');
      const second = await statistics();
      expect(second.monotonicNs).toBeGreaterThan(first.monotonicNs);
      expect(second.emitted['execve']).toBeGreaterThan(first.emitted['execve'] ?? 0);
      expect(second.rssBytes).toBeLessThan(40 * 1024 * 1024);
      const wallClockMs = Number((second.monotonicNs + second.realtimeOffsetNs) / 1_000_000n);
      expect(Math.abs(Date.now() - wallClockMs)).toBeLessThan(60_000);
    },
    SLOW_MS,
  );

  test(
    'reports the existing processes again when asked',
    async () => {
      const count = (): number => sensor.messages.filter(({ kind }) => kind === 'snapshotEnd').length;
      const before = count();
      link.send(encodeSnapshotRequest());
      await waitFor(() => Promise.resolve(count() > before ? done(undefined) : notYet(String(count()))), {
        what: 'another snapshot',
        timeoutMs: 60_000,
        intervalMs: 20,
      });
    },
    SLOW_MS,
  );

  test(
    'sends only what it was asked for, and always what the process tree needs',
    async () => {
      const [unwanted, word] = [join(folder, mark()), mark()];
      link.send(encodeConfigure({ types: new Set(['connect']) }));
      await statistics();
      expect(() => openSync(unwanted, 'r')).toThrow('ENOENT');
      spawnSync('true', [word]);
      await event('the exec', execWith(word));
      const isUnwanted = (message: SensorMessage): boolean =>
        message.kind === 'event' && openOf(unwanted)(message.record);
      expect(sensor.messages.some(isUnwanted)).toBe(false);
      link.send(encodeConfigure(WANTED));
    },
    SLOW_MS,
  );

  describe('its socket', () => {
    test(
      'serves one reader at a time',
      async () => {
        const socket = createConnection(sensor.socketPath);
        let bytes = 0;
        socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
        await new Promise((resolve) => socket.on('close', resolve));
        expect(bytes).toBe(0);
      },
      SLOW_MS,
    );

    test.each([
      ['of an unknown kind', encodeFrame(99)],
      ['of a wrong size', encodeFrame(FrameKind.configure, Buffer.alloc(8))],
      ['with unknown bits', encodeFrame(FrameKind.configure, Buffer.alloc(24, 0xff))],
      ['that is no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ])(
      'ends the connection on a request %s, and counts it',
      async (_, request) => {
        const { requestsRejected } = await statistics();
        link.send(request);
        await waitForMessage(sensor, 'the count', (message) =>
          message.kind === 'statistics' && message.statistics.requestsRejected === requestsRejected + 1
            ? true
            : undefined,
        );
      },
      SLOW_MS,
    );
  });

  test(
    'watches one PID namespace and those below it, with the numbers that it has there',
    async () => {
      const inner = spawn(
        'unshare',
        ['--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c', 'while read word; do /bin/true $word; done'],
        {
          stdio: ['pipe', 'ignore', 'ignore'],
        },
      );
      children.push(inner);
      const firstPid = await firstChildOf(inner);
      const scoped = await startSensor(built.file, `/proc/${String(firstPid)}/ns/pid`);
      await scoped.connect();
      const [outside, inside] = [mark(), mark()];
      spawnSync('true', [outside]);
      inner.stdin.write(`${inside}\n`);
      const record = await event('the exec inside', execWith(inside), scoped);
      expect(record.id('pid')).toBeLessThan(100);
      expect(record.id('pid')).toBe(record.id('vpid'));
      expect(scoped.messages.some((message) => message.kind === 'event' && execWith(outside)(message.record))).toBe(
        false,
      );
      const outer = await event('the same from outside', execWith(inside));
      expect(outer.id('pid')).not.toBe(record.id('pid'));
      expect(outer.id('vpid')).toBe(record.id('pid'));
      await scoped.stop();
      // A forking unshare ignores gentler signals.
      inner.kill('SIGKILL');
    },
    SLOW_MS,
  );
});
