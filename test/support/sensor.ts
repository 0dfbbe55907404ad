import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, packageRoot, systemClock, waitFor } from '../../core/index.ts';
import { encodeConfigure, type SensorMessage, type SensorRequest } from '../../detector/source/messages.ts';
import { linkSensor, type SensorLink } from '../../detector/source/sensor-link.ts';

const TOOLS = ['clang', 'bpftool', 'gcc'];
const LIBRARIES = ['bpf/libbpf.h', 'libelf.h', 'zlib.h'];

/**
 * Why the sensor cannot be built and run here, as the end of a test's title; undefined when it can. Optional: the same
 * sensor runs in every lab, where the e2e tier looks at what it sees.
 */
export function sensorGap(): string | undefined {
  const reason = missing();
  return reason === undefined ? undefined : ` [optional] [skipped: ${reason}]`;
}

function missing(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  if (!succeeds('test', ['-r', '/sys/kernel/btf/vmlinux'])) return 'the kernel does not describe its types (BTF)';
  const tool = TOOLS.find((name) => !succeeds('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${name}`]));
  if (tool !== undefined) return `needs ${tool}`;
  const header = LIBRARIES.find((name) => !succeeds('sh', ['-c', `echo '#include <${name}>' | gcc -E -x c - `]));
  if (header !== undefined) return `needs the development files with ${header}`;
  return undefined;
}

function succeeds(file: string, args: readonly string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The sensor, compiled for these tests. */
export function buildSensor(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-sensor-'));
  const file = join(folder, 'kubedrill-sensor');
  execFileSync('sh', [join(packageRoot(), 'detector', 'sensor', 'build.sh'), file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

export interface RunningSensor {
  readonly socketPath: string;
  readonly messages: readonly SensorMessage[];
  /** Connects a reader that keeps every message, and waits until it has a first snapshot. */
  connect(): Promise<SensorLink>;
  stop(): Promise<void>;
}

/** A sensor that watches this process's PID namespace, or the one of the given file below /proc. */
export function startSensor(file: string, scope = '/proc/self/ns/pid'): Promise<RunningSensor> {
  return runSensor([file], scope);
}

/** The same, which reads the accounts of the containers in a folder that is laid out as containerd's tasks are. */
export function startSensorWithTasks(file: string, tasks: string): Promise<RunningSensor> {
  return runSensor([file, '--tasks', tasks], '/proc/self/ns/pid');
}

/** The same with tracefs, as in a lab, whether this machine has it or not: single calls' hooks instead of one on all. */
export function startSensorWithTracefs(file: string): Promise<RunningSensor> {
  const withTracefs = 'mount -t tracefs none /sys/kernel/tracing; exec "$0" "$@"';
  return runSensor(['unshare', '--mount', 'sh', '-c', withTracefs, file], '/proc/self/ns/pid');
}

async function runSensor([program = '', ...args]: readonly string[], scope: string): Promise<RunningSensor> {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-sensor-'));
  const socketPath = join(folder, 'sensor.sock');
  const child = spawn(program, [...args, '--socket', socketPath, '--scope', scope], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const stop = new AbortController();
  const messages: SensorMessage[] = [];
  const links: SensorLink[] = [];
  await until(
    child,
    () => said,
    'its hooks',
    () => answers(socketPath),
  );
  return {
    socketPath,
    messages,
    connect: async () => {
      const link = linkSensor({
        socketPath,
        clock: systemClock,
        signal: stop.signal,
        onMessage: (message) => messages.push(message),
        onConnect: () => [],
        onTrouble: () => undefined,
      });
      links.push(link);
      const isThere = (): Promise<boolean> => Promise.resolve(messages.some(({ kind }) => kind === 'snapshotEnd'));
      await until(child, () => said, 'a snapshot', isThere);
      return link;
    },
    stop: async () => {
      stop.abort();
      await Promise.all(links.map((link) => link.finished));
      await ended(child);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Connects, asks for something, and leaves once the first event of that type has come: the sensor keeps what it was asked for. */
export async function askAndLeave(socketPath: string, request: SensorRequest, act: () => void): Promise<void> {
  const stop = new AbortController();
  let isHeard = false;
  const link = linkSensor({
    socketPath,
    clock: systemClock,
    signal: stop.signal,
    onMessage: (message) => {
      isHeard ||= message.kind === 'event' && request.types.has(message.record.type);
    },
    onConnect: () => [encodeConfigure(request)],
    onTrouble: () => undefined,
  });
  await waitFor(
    () => {
      act();
      return Promise.resolve(isHeard ? done(undefined) : notYet('nothing yet'));
    },
    { what: 'the first event that was asked for', timeoutMs: 60_000, intervalMs: 50 },
  );
  stop.abort();
  await link.finished;
}

function until(
  child: ChildProcess,
  said: () => string,
  what: string,
  isTrue: () => Promise<boolean>,
): Promise<undefined> {
  return waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`the sensor ended: ${said()}`);
      return (await isTrue()) ? done(undefined) : notYet(`nothing yet; it says: ${said()}`);
    },
    { what: `the sensor: ${what}`, timeoutMs: 30_000, intervalMs: 50 },
  );
}

/** Its first byte comes once the programs are in the kernel. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    const end = (isAnswered: boolean) => () => {
      socket.destroy();
      resolve(isAnswered);
    };
    socket.setTimeout(500, end(false));
    socket.on('error', end(false));
    socket.on('data', end(true));
    socket.on('close', end(false));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) {
      resolve();
      return;
    }
    child.on('exit', () => {
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** The first message that `pick` answers something for, among those that are there and those that come. */
export function waitForMessage<T>(
  { messages }: RunningSensor,
  what: string,
  pick: (message: SensorMessage, n: number) => T | undefined,
): Promise<T> {
  let looked = 0;
  return waitFor(
    () => {
      for (; looked < messages.length; looked++) {
        const message = messages[looked];
        const found = message && pick(message, looked);
        if (found !== undefined) return Promise.resolve(done(found));
      }
      return Promise.resolve(notYet(`${String(looked)} messages, not this one`));
    },
    { what, timeoutMs: 60_000, intervalMs: 20 },
  );
}

/** The first child of a process, once it has one. */
export function firstChildOf({ pid = 0 }: ChildProcess): Promise<number> {
  return waitFor(
    () => {
      const [child] = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').split(' ');
      return Promise.resolve(child === undefined || child === '' ? notYet('no child') : done(Number(child)));
    },
    { what: 'a child', timeoutMs: 10_000, intervalMs: 20 },
  );
}
