import { decodeDescriptor, type DescriptorFacts } from '../source/descriptor-facts.ts';
import type { SensorRecord } from '../source/record.ts';
import { addressText, isMappedV4 } from './address.ts';
import { pathAt } from './call-paths.ts';
import { isOpenOfDirectory, type Architecture } from './syscall-names.ts';

/** What an event's call works on. */
export type Descriptor = FileDescriptor | SocketDescriptor | OtherDescriptor;

export interface FileDescriptor {
  readonly kind: 'file';
  /** -1 when the open failed. */
  readonly number: number;
  readonly isDirectory: boolean;
  /** Absolute; without `.` and `..`, links not resolved. */
  readonly path: string;
  readonly givenPath: string;
  readonly device: number;
  readonly inode: bigint;
}

export interface SocketDescriptor {
  readonly kind: 'socket';
  readonly number: number;
  readonly family: 'ipv4' | 'ipv6' | 'unix' | 'netlink' | 'other';
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'raw' | undefined;
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
  /** Path, or `@name`, of a unix socket's peer. */
  readonly path?: string;
  readonly isConnected: boolean;
  /** Which end this process is. */
  readonly role: 'client' | 'server';
}

/** Pipes, event descriptors and other things without a place in the file tree. */
export interface OtherDescriptor {
  readonly kind: 'other';
  readonly number: number;
  readonly type: OtherType;
  readonly name: string;
  readonly inode: bigint;
}

export type OtherType = 'pipe' | 'memfd' | (typeof ANONYMOUS)[keyof typeof ANONYMOUS];

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What the kernel names those that have no file behind them, and what rules call them. */
const ANONYMOUS = {
  '[eventfd]': 'event',
  '[eventpoll]': 'eventpoll',
  '[signalfd]': 'signalfd',
  '[timerfd]': 'timerfd',
  inotify: 'inotify',
  '[userfaultfd]': 'userfaultfd',
  'bpf-map': 'bpf',
  'bpf-prog': 'bpf',
  '[pidfd]': 'pidfd',
  '[io_uring]': 'iouring',
} as const;

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const EINPROGRESS = 115;
const TCP_ESTABLISHED = 1;
const TCP_LISTEN = 10;

const FileType = { mask: 0o170000, socket: 0o140000, directory: 0o040000, fifo: 0o010000 } as const;
const MEMFD = 'memfd:';

/** What the call works on; undefined where that is no descriptor, or one that is not open. */
export function descriptorOf(record: SensorRecord, architecture: Architecture): Descriptor | undefined {
  if (isOpen(record.type)) return openedFile(record, architecture);
  // Execs and forks use the string for something else.
  const facts = TAKES_NO_DESCRIPTOR.test(record.type) ? undefined : decodeDescriptor(record.bytes(5));
  if (facts === undefined) return record.type === 'connect' ? unknownSocket(record) : undefined;
  if ((facts.mode & FileType.mask) === FileType.socket) return socketOf(record, facts);
  return otherOf(record, facts) ?? fileOf(record, facts);
}

const TAKES_NO_DESCRIPTOR = /^(exec|fork|vfork|clone)/;

function isOpen(type: string): boolean {
  return type.startsWith('open') || type === 'creat';
}

function openedFile(record: SensorRecord, architecture: Architecture): FileDescriptor {
  return {
    kind: 'file',
    number: record.result < 0 ? -1 : record.result,
    isDirectory: isOpenOfDirectory(Number(record.number(0)), architecture),
    path: pathAt(record, 0),
    givenPath: record.text(0),
    device: Number(record.number(3) & 0xffffffffn),
    inode: record.number(4),
  };
}

function fileOf(record: SensorRecord, { number, mode, device, inode }: DescriptorFacts): FileDescriptor {
  const path = record.walkedPath(4);
  const isDirectory = (mode & FileType.mask) === FileType.directory;
  return { kind: 'file', number, isDirectory, path, givenPath: path, device, inode };
}

function otherOf(record: SensorRecord, { number, mode, inode }: DescriptorFacts): OtherDescriptor | undefined {
  const [name = '', ...above] = record.words(4);
  if (above.length > 0) return undefined;
  const base = { kind: 'other', number, inode, name: '' } as const;
  if ((mode & FileType.mask) === FileType.fifo) return { ...base, type: 'pipe' };
  if (name.startsWith(MEMFD)) return { ...base, type: 'memfd', name: name.slice(MEMFD.length) };
  const type = (ANONYMOUS as Readonly<Record<string, OtherType>>)[name];
  return type === undefined ? undefined : { ...base, type };
}

function socketOf(record: SensorRecord, facts: DescriptorFacts): SocketDescriptor {
  const { family, state, number } = facts;
  const given = GIVES_ADDRESS.has(record.type) ? record.bytes(0) : NOTHING;
  const isConnected = record.type === 'connect' ? isUnderWay(record) : state === TCP_ESTABLISHED;
  const base = { kind: 'socket', number, isConnected } as const;
  if (family === AF_INET || family === AF_INET6) return { ...base, ...internetSocket(record, facts, given) };
  if (family !== AF_UNIX) {
    return { ...base, family: family === AF_NETLINK ? 'netlink' : 'other', protocol: undefined, role: 'client' };
  }
  const path = unixPath(given) ?? (record.text(4) || undefined);
  const named = path === undefined ? {} : { path };
  return { ...base, family: 'unix', protocol: undefined, role: 'client', ...named };
}

function internetSocket(
  record: SensorRecord,
  facts: DescriptorFacts,
  given: Buffer,
): Pick<SocketDescriptor, 'family' | 'protocol' | 'local' | 'remote' | 'role'> {
  const hasFailed = record.type === 'connect' && !isUnderWay(record);
  const isListening = facts.state === TCP_LISTEN || record.type === 'bind';
  const own = { address: addressText(facts.local), port: facts.localPort };
  const peer = { address: addressText(facts.remote), port: facts.remotePort };
  const bound = record.type === 'bind' ? (givenEndpoint(given) ?? own) : own;
  const local = hasFailed ? undefined : bound;
  const remote = peer.port === 0 || hasFailed ? givenEndpoint(given) : peer;
  const isV4 = facts.family === AF_INET || isMappedV4(facts.remote) || isMappedV4(given.subarray(8, 24));
  return {
    family: isV4 ? 'ipv4' : 'ipv6',
    protocol: protocolOf(facts.type, facts.protocol),
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined || isListening ? {} : { remote }),
    role: roleOf(record.type, isListening, local, remote),
  };
}

const NOTHING = Buffer.alloc(0);
const GIVES_ADDRESS: ReadonlySet<string> = new Set(['connect', 'bind', 'sendto', 'recvfrom', 'sendmsg', 'recvmsg']);

/**
 * The call tells it where it can. Of a connection that was there before, no one says who opened it: the lower port is taken
 * for the server's, as ephemeral ports are the high ones.
 */
function roleOf(
  type: string,
  isListening: boolean,
  local: Endpoint | undefined,
  remote: Endpoint | undefined,
): SocketDescriptor['role'] {
  if (type === 'connect') return 'client';
  if (isListening || type.startsWith('accept')) return 'server';
  if (local === undefined || remote === undefined) return 'client';
  return local.port !== 0 && local.port < remote.port ? 'server' : 'client';
}

function isUnderWay({ result }: SensorRecord): boolean {
  return result === 0 || result === -EINPROGRESS;
}

/** A connect on what is no socket: all that is known is where it should have led. */
function unknownSocket(record: SensorRecord): SocketDescriptor {
  const given = record.bytes(0);
  const family = given.length >= 2 ? given.readUInt16LE(0) : 0;
  const base = { kind: 'socket', number: Number(record.number(0)), isConnected: false, role: 'client' } as const;
  const path = family === AF_UNIX ? unixPath(given) : undefined;
  if (family === AF_UNIX)
    return { ...base, family: 'unix', protocol: undefined, ...(path === undefined ? {} : { path }) };
  if (family !== AF_INET && family !== AF_INET6) return { ...base, family: 'other', protocol: undefined };
  const remote = givenEndpoint(given);
  const isV4 = family === AF_INET || isMappedV4(given.subarray(8, 24));
  return { ...base, family: isV4 ? 'ipv4' : 'ipv6', protocol: undefined, ...(remote === undefined ? {} : { remote }) };
}

/** From a sockaddr_in or sockaddr_in6. */
function givenEndpoint(given: Buffer): Endpoint | undefined {
  if (given.length < 8) return undefined;
  const port = given.readUInt16BE(2);
  if (given.readUInt16LE(0) === AF_INET) return { address: addressText(given.subarray(4, 8)), port };
  return given.length < 24 ? undefined : { address: addressText(given.subarray(8, 24)), port };
}

function unixPath(given: Buffer): string | undefined {
  const name = given.subarray(2);
  if (name.length === 0) return undefined;
  // An abstract name begins with NUL and may hold more of them.
  if (name[0] === 0) return `@${name.subarray(1).toString('utf8').replace(/\0+$/, '')}`;
  const end = name.indexOf(0);
  return name.toString('utf8', 0, end < 0 ? name.length : end);
}

function protocolOf(type: number, protocol: number): SocketDescriptor['protocol'] {
  const SOCK_STREAM = 1;
  const SOCK_DGRAM = 2;
  const SOCK_RAW = 3;
  const ICMP = [1, 58];
  if (ICMP.includes(protocol)) return 'icmp';
  if (type === SOCK_STREAM) return 'tcp';
  if (type === SOCK_DGRAM) return 'udp';
  return type === SOCK_RAW ? 'raw' : undefined;
}
