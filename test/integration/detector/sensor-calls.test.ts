import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, notYet, packageRoot, waitFor } from '../../../core/index.ts';
import { DescriptorNames } from '../../../detector/enrich/descriptor-names.ts';
import { PodIndex } from '../../../detector/enrich/pod-index.ts';
import { ProcessTable } from '../../../detector/enrich/process-table.ts';
import { SyscallEvent } from '../../../detector/enrich/syscall-event.ts';
import { encodeConfigure, OpenClass } from '../../../detector/source/messages.ts';
import { RECORD_TYPES } from '../../../detector/source/record-types.ts';
import {
  buildSensor,
  firstChildOf,
  sensorGap,
  startSensor,
  waitForMessage,
  type RunningSensor,
} from '../../support/sensor.ts';

const gap = sensorGap() ?? (spawnSync('perl', ['-v']).status === 0 ? undefined : ' [optional] [skipped: needs perl]');
/** A machine that is busy is slow, not broken. */
const SLOW_MS = 120_000;

(gap === undefined ? describe : describe.skip)(`calls that the sensor reports by their plan${gap ?? ''}`, () => {
  let built: ReturnType<typeof buildSensor>;
  let sensor: RunningSensor;
  let folder: string;
  let inner: ChildProcess;
  let innerPid: number;

  beforeAll(async () => {
    built = buildSensor();
    // All calls of a whole machine are more than anybody wants, so only a namespace of its own is watched.
    inner = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', 'sleep', 'infinity'], {
      stdio: 'ignore',
    });
    innerPid = await firstChildOf(inner);
    sensor = await startSensor(built.file, `/proc/${String(innerPid)}/ns/pid`);
    const link = await sensor.connect();
    const types = new Set<string>(RECORD_TYPES);
    link.send(encodeConfigure({ types, openClasses: OpenClass.all, environment: true, data: true }));
    folder = mkdtempSync(join(tmpdir(), 'kubedrill-calls-'));
    await waitFor(
      () => {
        perl('syscall($ARGV[0], -1, -1)', String(numberOf('prctl')));
        const isHooked = sensor.messages.some((one) => one.kind === 'event' && one.record.type === 'prctl');
        return Promise.resolve(isHooked ? done(undefined) : notYet('the last call is not hooked'));
      },
      { what: 'all hooks', timeoutMs: 60_000, intervalMs: 100 },
    );
  }, SLOW_MS);

  afterAll(async () => {
    // A forking unshare ignores gentler signals.
    inner.kill('SIGKILL');
    await sensor.stop();
    built.remove();
    rmSync(folder, { recursive: true });
  });

  /** Runs a script in perl inside of the namespace, in the folder; answers its pid there. */
  function perl(script: string, ...argv: readonly string[]): number {
    const enter = ['--target', String(innerPid), '--pid', '--mount', `--wdns=${folder}`, '--'];
    const run = spawnSync('nsenter', [...enter, 'perl', '-e', `$| = 1; print $$; ${script}`, ...argv], {
      env: { PATH: process.env['PATH'], MARK: 'in the environment' },
    });
    expect([run.status, run.stderr.toString()]).toEqual([0, '']);
    return Number(run.stdout.toString());
  }

  /** The event of that type of that process, as rules see it. */
  async function eventOf(pid: number, type: string): Promise<SyscallEvent> {
    const record = await waitForMessage(sensor, `${type} of ${String(pid)}`, (message) =>
      // Before its exec the process was what started it, and did calls of its own.
      message.kind === 'event' &&
      message.record.type === type &&
      message.record.id('pid') === pid &&
      message.record.comm === 'perl'
        ? message.record
        : undefined,
    );
    return new SyscallEvent({
      number: 1,
      timeNs: record.timeNs,
      record,
      process: new ProcessTable().apply(record),
      context: {
        architecture: process.arch === 'arm64' ? 'arm64' : 'x86-64',
        pods: new PodIndex(),
        users: new Map([[0, 'root']]),
        groups: new Map(),
        descriptorNames: new DescriptorNames(),
        hostNames: new Map(),
      },
    });
  }

  const ask = (event: SyscallEvent, fields: readonly string[]): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      fields.map((field) => {
        const [, name = field, argument] = /^(evt\.arg|proc\.env)[.[]([^\]]+)\]?$/.exec(field) ?? [];
        return [field, event.field(name, argument)];
      }),
    );

  test(
    'come in from every call of the table, whatever its arguments',
    async () => {
      // A kernel without modules has no calls for them.
      const seen = sensor.messages.flatMap((message) => (message.kind === 'hello' ? message.hello.types : []));
      const calls = [...TABLE].filter(([name, number]) => number !== undefined && seen.includes(name));
      expect(calls.length).toBeGreaterThan(40);
      // -1 is no descriptor, no address, and no signal; two calls want to be told so more clearly.
      const special: Readonly<Record<string, string>> = { kill: '0x7fffffff, 0', ptrace: '-1, 0x7fffffff, 0, 0' };
      const pid = perl(
        calls.map(([name, number]) => `syscall(${String(number)}, ${special[name] ?? MINUS_ONE});`).join('\n'),
      );
      await eventOf(pid, 'prctl');
      const types = sensor.messages.flatMap((message) =>
        message.kind === 'event' && message.record.id('pid') === pid ? [message.record.type] : [],
      );
      expect(calls.map(([name]) => name).filter((name) => !types.includes(name))).toEqual([]);
    },
    SLOW_MS,
  );

  test(
    'on paths know the absolute one',
    async () => {
      writeFileSync(join(folder, 'old'), '');
      const pid = perl('rename("old", "new"); symlink("/etc/shadow", "link"); unlink("./new"); mkdir("d"); rmdir("d")');
      expect(ask(await eventOf(pid, 'rename'), ['evt.arg.oldpath', 'evt.arg.newpath', 'evt.rawres'])).toEqual({
        'evt.arg.oldpath': join(folder, 'old'),
        'evt.arg.newpath': join(folder, 'new'),
        'evt.rawres': 0,
      });
      expect(ask(await eventOf(pid, 'symlink'), ['evt.arg.target', 'evt.arg.linkpath'])).toEqual({
        'evt.arg.target': '/etc/shadow',
        'evt.arg.linkpath': join(folder, 'link'),
      });
      expect((await eventOf(pid, 'unlink')).field('evt.arg', 'path')).toBe(join(folder, 'new'));
      expect((await eventOf(pid, 'rmdir')).field('fs.path.name')).toBe(join(folder, 'd'));
      unlinkSync(join(folder, 'link'));
    },
    SLOW_MS,
  );

  test(
    'on a directory’s descriptor start from it',
    async () => {
      const number = String(numberOf('unlinkat'));
      const pid = perl('opendir(my $d, "/tmp"); my $n = "no-such"; syscall($ARGV[0], fileno($d), $n, 0)', number);
      const event = await eventOf(pid, 'unlinkat');
      expect(ask(event, ['evt.arg.name', 'evt.res'])).toEqual({ 'evt.arg.name': '/tmp/no-such', 'evt.res': 'ENOENT' });
    },
    SLOW_MS,
  );

  test(
    'on descriptors know what they lead to, also those of before',
    async () => {
      const pid = perl('open(my $f, "<", "/etc/hosts"); chmod(0644, $f); open(STDIN, "<&", $f); chdir("/usr/lib")');
      expect(ask(await eventOf(pid, 'fchmod'), ['fd.name', 'fd.type', 'evt.arg.mode'])).toEqual({
        'fd.name': '/etc/hosts',
        'fd.type': 'file',
        'evt.arg.mode': 'S_IROTH|S_IRGRP|S_IWUSR|S_IRUSR',
      });
      expect((await eventOf(pid, 'chdir')).field('proc.cwd')).toBe('/usr/lib');
    },
    SLOW_MS,
  );

  test(
    'on sockets know both ends, and which of them is the server',
    async () => {
      const pid = perl(
        [
          'use IO::Socket::INET; use Socket;',
          'my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;',
          'my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $l->sockport) or die;',
          'my $a = $l->accept; my $o = IO::Socket::INET->new(Proto => "udp") or die;',
          'send($o, "hello there", 0, pack_sockaddr_in(9, inet_aton("127.0.0.1")));',
        ].join(' '),
      );
      const listen = await eventOf(pid, 'listen');
      const port = listen.field('fd.sport');
      expect(ask(listen, ['fd.name', 'fd.is_server'])).toEqual({
        'fd.name': `127.0.0.1:${String(port)}`,
        'fd.is_server': true,
      });
      const connect = await eventOf(pid, 'connect');
      const accepted = await eventOf(pid, 'accept4').catch(() => eventOf(pid, 'accept'));
      expect(connect.field('fd.sport')).toBe(port);
      expect(accepted.field('fd.name')).toBe(connect.field('fd.name'));
      expect([connect.field('fd.is_server'), accepted.field('fd.is_server')]).toEqual([false, true]);
      expect(
        ask(await eventOf(pid, 'sendto'), ['fd.rip', 'fd.rport', 'fd.l4proto', 'evt.buffer', 'fd.connected']),
      ).toEqual({
        'fd.rip': '127.0.0.1',
        'fd.rport': 9,
        'fd.l4proto': 'udp',
        'evt.buffer': 'hello there',
        'fd.connected': false,
      });
    },
    SLOW_MS,
  );

  test(
    'tell of duplicates of a socket, as a reverse shell makes them',
    async () => {
      const pid = perl(
        [
          'use IO::Socket::INET; use POSIX;',
          'my $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;',
          'my $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $l->sockport) or die;',
          'POSIX::dup2(fileno($c), 0);',
        ].join(' '),
      );
      const connect = await eventOf(pid, 'connect');
      expect(ask(await eventOf(pid, 'dup2'), ['fd.num', 'fd.type', 'fd.rport', 'evt.rawres'])).toEqual({
        'fd.num': 0,
        'fd.type': 'ipv4',
        'fd.rport': connect.field('fd.rport'),
        'evt.rawres': 0,
      });
    },
    SLOW_MS,
  );

  test(
    'an exec brings its environment, its capabilities, and when its program was made',
    async () => {
      const event = await eventOf(perl('exit(0)'), 'execve');
      expect(event.field('proc.env', 'MARK')).toBe('in the environment');
      const effective = /CapEff:\t(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
      expect(event.record.capabilities('effective')).toBe(BigInt(`0x${effective}`));
      const ageMs = Date.now() - Number((event.field('proc.exe_ino.mtime') as bigint) / 1_000_000n);
      expect(ageMs).toBeGreaterThan(0);
    },
    SLOW_MS,
  );

  test(
    'memory files and event descriptors have their kind',
    async () => {
      const pid = perl(
        'my $n = "program"; syscall($ARGV[0], $n, 0); syscall($ARGV[1], 0, 0)',
        String(numberOf('memfd_create')),
        String(numberOf('eventfd2')),
      );
      expect(ask(await eventOf(pid, 'memfd_create'), ['fd.type', 'fd.name', 'evt.arg.name'])).toEqual({
        'fd.type': 'memfd',
        'fd.name': 'program',
        'evt.arg.name': 'program',
      });
      expect((await eventOf(pid, 'eventfd2')).field('fd.type')).toBe('event');
    },
    SLOW_MS,
  );
});

const MINUS_ONE = '-1, -1, -1, -1, -1, -1';

/** Number of each call on this architecture, out of the sensor's own table; undefined for those that it does not have. */
const TABLE: ReadonlyMap<string, number | undefined> = new Map(
  [
    ...readFileSync(join(packageRoot(), 'detector', 'sensor', 'call-table.h'), 'utf8').matchAll(
      /CALL\((\w+), \w+, (\w+), (\w+),/g,
    ),
  ].map(([, type = '', x86 = '', arm64 = '']) => {
    const number = Number(process.arch === 'arm64' ? arm64 : x86);
    return [type.toLowerCase(), Number.isNaN(number) ? undefined : number] as const;
  }),
);

function numberOf(name: string): number {
  const number = TABLE.get(name);
  if (number === undefined) throw new Error(`there is no call ${name}`);
  return number;
}
