import { tinyProgram, type Argument, type Step } from './tiny-program.ts';

/** Numbers of system calls on x86-64. */
const CALL = {
  open: 2,
  close: 3,
  nanosleep: 35,
  sendfile: 40,
  socket: 41,
  connect: 42,
  bind: 49,
  listen: 50,
  dup2: 33,
  fork: 57,
  execve: 59,
  kill: 62,
  ptrace: 101,
  init_module: 175,
  memfd_create: 319,
  bpf: 321,
  userfaultfd: 323,
} as const;

const AF_INET = 2;
const AF_PACKET = 17;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const PTRACE_TRACEME = 0;
const PTRACE_SEIZE = 0x4206;
const SIGKILL = 9;
const BPF_PROG_LOAD = 5;
const SOCKET_FILTER = 1n;
/** Standard input, output and error are taken: the first descriptor that a program opens. */
const FIRST = 3;

/** Programs by the file that they become; each does one thing, to itself or to nothing. */
export const PROGRAMS: Readonly<Record<string, Buffer>> = {
  'packet-socket': program(call('socket', AF_PACKET, SOCK_RAW, 0)),
  // A socket that is connected to a port where nobody listens, in the place of standard input.
  'network-stdin': program(...udpTo('127.0.0.1', 9), call('dup2', FIRST, 0)),
  'module-loader': program(call('init_module', Buffer.from('this is no module'), 17, '')),
  'trace-child': program(
    call('fork'),
    { inChild: [call('nanosleep', { words: [5, 0] }, 0)] },
    call('ptrace', PTRACE_SEIZE, { resultOf: 0 }, 0, 0),
    call('kill', { resultOf: 0 }, SIGKILL),
  ),
  'trace-me': program(call('ptrace', PTRACE_TRACEME, 0, 0, 0)),
  // A copy of /usr/bin/true, in memory only.
  'run-from-memory': program(
    call('memfd_create', 'copy', 0),
    call('open', '/usr/bin/true', 0, 0),
    call('sendfile', FIRST, FIRST + 1, 0, 10_000_000),
    call('execve', `/proc/self/fd/${String(FIRST)}`, { words: ['copy', 0] }, { words: [0] }),
  ),
  // Two instructions: r0 = 0; exit.
  'bpf-loader': program(
    call(
      'bpf',
      BPF_PROG_LOAD,
      { words: [SOCKET_FILTER | (2n << 32n), { words: [0xb7n, 0x95n] }, 'GPL', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
      48,
    ),
  ),
  'page-faults': program(call('userfaultfd', 1)),
  // Both ends are in the pod: the addresses are made those of its loopback device.
  ssh: program(...tcpWithin('192.0.2.1', 443)),
  'ask-metadata': program(...tcpWithin('169.254.169.254', 80)),
  'udp-client': program(...udpTo('192.0.2.1', 9999)),
  // A name of coreutils, which has no business in networks; a port at which UDP is expected.
  factor: program(...udpTo('192.0.2.1', 53)),
};

/** A program that opens a file of its container for reading again and again, as fast as it can. */
export function openAgainAndAgain(path: string, times: number): Buffer {
  return program({ times, repeat: [call('open', path, 0, 0), call('close', FIRST)] });
}

function program(...steps: readonly Step[]): Buffer {
  return tinyProgram(steps);
}

function call(name: keyof typeof CALL, ...args: readonly Argument[]): Step {
  return { call: CALL[name], args };
}

function udpTo(address: string, port: number): readonly Step[] {
  return [call('socket', AF_INET, SOCK_DGRAM, 0), call('connect', FIRST, socketAddress(address, port), 16)];
}

function tcpWithin(address: string, port: number): readonly Step[] {
  return [
    call('socket', AF_INET, SOCK_STREAM, 0),
    call('bind', FIRST, socketAddress(address, port), 16),
    call('listen', FIRST, 1),
    call('socket', AF_INET, SOCK_STREAM, 0),
    call('connect', FIRST + 1, socketAddress(address, port), 16),
  ];
}

/** A sockaddr_in. */
function socketAddress(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET);
  bytes.writeUInt16BE(port, 2);
  address.split('.').forEach((part, n) => bytes.writeUInt8(Number(part), 4 + n));
  return bytes;
}
