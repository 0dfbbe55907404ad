import { posix } from 'node:path';
import type { SensorRecord } from '../source/record.ts';
import { addressText, isMappedV4 } from './address.ts';
import { isOpenOfDirectory, type Architecture } from './syscall-names.ts';

/** What an event's call works on. */
export type Descriptor = FileDescriptor | SocketDescriptor;

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
  readonly family: 'ipv4' | 'ipv6' | 'unix' | 'other';
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'raw' | undefined;
  readonly local?: Endpoint;
  readonly remote?: Endpoint;
  /** Path, or `@name`, of a unix socket's peer. */
  readonly path?: string;
  readonly isConnected: boolean;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const EINPROGRESS = 115;

/** The descriptor of an open or a connect; undefined for other calls. */
export function descriptorOf(record: SensorRecord, architecture: Architecture): Descriptor | undefined {
  if (record.type === 'connect') return socketOf(record);
  if (record.type.startsWith('open') || record.type === 'creat') return fileOf(record, architecture);
  return undefined;
}

function fileOf(record: SensorRecord, architecture: Architecture): FileDescriptor {
  const givenPath = record.text(0);
  return {
    kind: 'file',
    number: record.result < 0 ? -1 : record.result,
    isDirectory: isOpenOfDirectory(Number(record.number(0)), architecture),
    path: absolutePath(record, givenPath),
    givenPath,
    device: Number(record.number(3) & 0xffffffffn),
    inode: record.number(4),
  };
}

/** Joined and tidied as text: a link on the way is not followed, as the name that was asked for is what rules speak of. */
function absolutePath(record: SensorRecord, given: string): string {
  const joined = given.startsWith('/') ? given : `${record.walkedPath(1)}/${given}`;
  const tidy = posix.normalize(joined).replace(/^\/\//, '/');
  return tidy.length > 1 && tidy.endsWith('/') ? tidy.slice(0, -1) : tidy;
}

function socketOf(record: SensorRecord): SocketDescriptor {
  const given = record.bytes(0);
  const family = Number(record.number(1)) || (given.length >= 2 ? given.readUInt16LE(0) : 0);
  const isUnderWay = record.result === 0 || record.result === -EINPROGRESS;
  const base = { kind: 'socket', number: Number(record.number(0)), isConnected: isUnderWay } as const;
  if (family === AF_UNIX) return { ...base, family: 'unix', protocol: undefined, ...unixPath(given) };
  if (family !== AF_INET && family !== AF_INET6) return { ...base, family: 'other', protocol: undefined };
  const remote = (isUnderWay ? endpoint(record.bytes(2), record.number(5)) : undefined) ?? givenEndpoint(given);
  const local = isUnderWay ? endpoint(record.bytes(1), record.number(4)) : undefined;
  const isV4 = family === AF_INET || isMappedV4(record.bytes(2)) || isMappedV4(given.subarray(8, 24));
  return {
    ...base,
    family: isV4 ? 'ipv4' : 'ipv6',
    protocol: protocolOf(Number(record.number(2)), Number(record.number(3))),
    ...(remote === undefined ? {} : { remote }),
    ...(local === undefined ? {} : { local }),
  };
}

function endpoint(address: Buffer, port: bigint): Endpoint | undefined {
  return address.length === 0 ? undefined : { address: addressText(address), port: Number(port) };
}

/** From a sockaddr_in or sockaddr_in6. */
function givenEndpoint(given: Buffer): Endpoint | undefined {
  if (given.length < 8) return undefined;
  const port = given.readUInt16BE(2);
  if (given.readUInt16LE(0) === AF_INET) return { address: addressText(given.subarray(4, 8)), port };
  return given.length < 24 ? undefined : { address: addressText(given.subarray(8, 24)), port };
}

function unixPath(given: Buffer): { readonly path?: string } {
  const name = given.subarray(2);
  if (name.length === 0) return {};
  // An abstract name begins with NUL and may hold more of them.
  if (name[0] === 0) return { path: `@${name.subarray(1).toString('utf8').replace(/\0+$/, '')}` };
  const end = name.indexOf(0);
  return { path: name.toString('utf8', 0, end < 0 ? name.length : end) };
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
