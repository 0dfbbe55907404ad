import type { FieldValue } from '../../event/types.ts';
import { pathAt } from '../call-paths.ts';
import type { Endpoint } from '../descriptor.ts';
import { resultText } from '../errno.ts';
import {
  bpfCommand,
  chownFlags,
  descriptorFlags,
  fcntlCommand,
  fileMode,
  linkFlags,
  memfdFlags,
  mountFlags,
  prctlOption,
  ptraceRequest,
  renameFlags,
  signalName,
  socketDomain,
  umountFlags,
  unlinkFlags,
} from '../flag-names.ts';
import type { SyscallEvent } from '../syscall-event.ts';
import { cloneFlagsText } from '../syscall-names.ts';
import { descriptorText } from './descriptor.ts';

export type ArgumentReader = (event: SyscallEvent) => FieldValue | undefined;
export type ArgumentReaders = Readonly<Record<string, ArgumentReader>>;

/** Arguments of the calls that the sensor reports by their plan; numbers count the call's own arguments from 0. */
export const CALL_ARGUMENTS: Readonly<Record<string, ArgumentReaders>> = {
  ...same(['connect'], { res, fd, tuple, addr }),
  ...same(['bind'], { res, fd, addr }),
  ...same(['listen'], { res, fd, backlog: int(1) }),
  ...same(['accept'], { fd: fdResult, tuple }),
  ...same(['accept4'], { fd: fdResult, tuple, flags: int(3) }),
  ...same(['sendto', 'sendmsg', 'recvfrom', 'recvmsg'], { res, fd, tuple, data: dataText, size: result }),
  ...same(['socket'], {
    fd: fdResult,
    domain: as(0, socketDomain),
    type: text(1),
    proto: text(2),
    flags: as(1, descriptorFlags),
  }),
  ...same(['socketpair'], { res, domain: as(0, socketDomain), type: text(1), proto: text(2) }),
  ...same(['close'], { res, fd: text(0) }),
  ...same(['dup'], { res: fdResult, oldfd: text(0) }),
  ...same(['dup2'], { res: fdResult, oldfd: text(0), newfd: fdResult }),
  ...same(['dup3'], { res: fdResult, oldfd: text(0), newfd: fdResult, flags: as(2, descriptorFlags) }),
  ...same(['fcntl'], { res, fd, cmd: as(1, fcntlCommand), arg: text(2) }),
  ...same(['chdir', 'chroot', 'unlink', 'rmdir'], { res, path }),
  ...same(['fchdir'], { res, fd }),
  ...same(['unlinkat'], { res, dirfd: directory(0), name: path, flags: as(2, unlinkFlags) }),
  ...same(['mkdir'], { res, path, mode: hex(1) }),
  ...same(['mkdirat'], { res, dirfd: directory(0), path, mode: hex(2) }),
  ...same(['rename', 'link'], { res, oldpath: path, newpath: path2 }),
  ...same(['renameat'], { res, olddirfd: directory(0), oldpath: path, newdirfd: directory(2), newpath: path2 }),
  ...same(['renameat2'], {
    res,
    olddirfd: directory(0),
    oldpath: path,
    newdirfd: directory(2),
    newpath: path2,
    flags: as(4, renameFlags),
  }),
  ...same(['linkat'], {
    res,
    olddir: directory(0),
    oldpath: path,
    newdir: directory(2),
    newpath: path2,
    flags: as(4, linkFlags),
  }),
  ...same(['symlink'], { res, target: given, linkpath: path2 }),
  ...same(['symlinkat'], { res, target: given, linkdirfd: directory(1), linkpath: path2 }),
  ...same(['chmod'], { res, filename: path, mode: as(1, fileMode) }),
  ...same(['fchmod'], { res, fd, mode: as(1, fileMode) }),
  ...same(['fchmodat'], { res, dirfd: directory(0), filename: path, mode: as(2, fileMode) }),
  ...same(['chown', 'lchown'], { res, path, uid: int(1), gid: int(2) }),
  ...same(['fchown'], { res, fd, uid: int(1), gid: int(2) }),
  ...same(['fchownat'], {
    res,
    dirfd: directory(0),
    pathname: path,
    uid: int(2),
    gid: int(3),
    flags: as(4, chownFlags),
  }),
  ...same(['mknod'], { res, path, mode: as(1, fileMode), dev: text(2) }),
  ...same(['mknodat'], { res, dirfd: directory(0), path, mode: as(2, fileMode), dev: text(3) }),
  ...same(['mount'], { res, dev: given, dir: path2, flags: as(3, mountFlags) }),
  ...same(['umount2'], { res, name: path, flags: as(1, umountFlags) }),
  ...same(['pipe'], { res }),
  ...same(['pipe2'], { res, flags: as(1, descriptorFlags) }),
  ...same(['eventfd'], { res: fdResult, initval: text(0) }),
  ...same(['eventfd2'], { res: fdResult, initval: text(0), flags: as(1, descriptorFlags) }),
  ...same(['memfd_create'], { fd: fdResult, name: given, flags: as(1, memfdFlags) }),
  ...same(['userfaultfd'], { res, flags: as(0, descriptorFlags) }),
  ...same(['bpf'], { fd: res, cmd: as(0, bpfCommand) }),
  ...same(['ptrace'], { res, request: as(0, ptraceRequest), pid: int(1), addr: hex(2), data: hex(3) }),
  ...same(['kill'], { res, pid: otherProcess(0), sig: as(1, signalName) }),
  ...same(['tkill'], { res, tid: int(0), sig: as(1, signalName) }),
  ...same(['tgkill'], { res, pid: otherProcess(0), tid: int(1), sig: as(2, signalName) }),
  ...same(['setns'], { res, fd, nstype: as(1, cloneFlagsText) }),
  ...same(['unshare'], { res, flags: as(0, cloneFlagsText) }),
  ...same(['setuid'], { res, uid: user(0) }),
  ...same(['setgid'], { res, gid: int(0) }),
  ...same(['setreuid'], { res, ruid: user(0), euid: user(1) }),
  ...same(['setregid'], { res, rgid: int(0), egid: int(1) }),
  ...same(['setresuid'], { res, ruid: user(0), euid: user(1), suid: user(2) }),
  ...same(['setresgid'], { res, rgid: int(0), egid: int(1), sgid: int(2) }),
  ...same(['setsid'], { res }),
  ...same(['setpgid'], { res, pid: int(0), pgid: int(1) }),
  ...same(['capset'], {
    res,
    cap_inheritable: capabilities('inheritable'),
    cap_permitted: capabilities('permitted'),
    cap_effective: capabilities('effective'),
  }),
  ...same(['prctl'], { res, option: as(0, prctlOption), arg2_int: text(1) }),
  ...same(['init_module'], { res, length: text(1), uargs: given }),
  ...same(['finit_module'], { res, fd, uargs: given, flags: text(2) }),
  ...same(['delete_module'], { res, name: given, flags: text(1) }),
};

function same(types: readonly string[], readers: ArgumentReaders): Readonly<Record<string, ArgumentReaders>> {
  return Object.fromEntries(types.map((type) => [type, readers]));
}

/** A result that says how it went, or a number. */
export function res({ record }: SyscallEvent): string {
  return record.result < 0 ? resultText(record.result) : String(record.result);
}

function result({ record }: SyscallEvent): number | undefined {
  return record.result < 0 ? undefined : record.result;
}

/** `<f>/etc/hosts`: the descriptor that the call was given. */
function fd({ descriptor, record }: SyscallEvent): string {
  return descriptor === undefined ? String(Number(record.number(0) & 0xffffffffn)) : descriptorText(descriptor);
}

/** The descriptor that the call made; of one that failed, why. */
function fdResult(event: SyscallEvent): string {
  const { descriptor, record } = event;
  return record.result < 0 || descriptor === undefined ? res(event) : descriptorText(descriptor);
}

/** `10.0.0.1:4711->10.0.0.2:80`, the client first. */
function tuple({ descriptor }: SyscallEvent): string | undefined {
  if (descriptor?.kind !== 'socket') return undefined;
  const { local, remote, role, path: unix } = descriptor;
  if (local === undefined || remote === undefined) return unix;
  const ends = role === 'client' ? [local, remote] : [remote, local];
  return ends.map(endpointText).join('->');
}

/** Where a connect or a bind leads. */
function addr({ descriptor, type }: SyscallEvent): string | undefined {
  if (descriptor?.kind !== 'socket') return undefined;
  const end = type === 'bind' ? descriptor.local : descriptor.remote;
  return end === undefined ? descriptor.path : endpointText(end);
}

function endpointText({ address, port }: Endpoint): string {
  return `${address}:${String(port)}`;
}

function path({ record }: SyscallEvent): string {
  return pathAt(record, 0);
}

function path2({ record }: SyscallEvent): string {
  return pathAt(record, 2);
}

function given({ record }: SyscallEvent): string {
  return record.text(0);
}

function directory(slot: number): ArgumentReader {
  const AT_FDCWD = -100;
  return ({ record }) => {
    const number = record.int(slot);
    return number === AT_FDCWD ? 'AT_FDCWD' : String(number);
  };
}

/** What cannot be shown is a dot. */
function dataText({ record }: SyscallEvent): string | undefined {
  const data = record.bytes(2);
  return data.length === 0 ? undefined : data.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
}

function capabilities(set: 'effective' | 'permitted' | 'inheritable'): ArgumentReader {
  return ({ record }) => record.capabilities(set).toString(16).toUpperCase();
}

function user(slot: number): ArgumentReader {
  return (event) => {
    const id = event.record.int(slot);
    return event.account('users', id) ?? String(id);
  };
}

function as(slot: number, name: (value: bigint) => string): ArgumentReader {
  return ({ record }) => name(record.number(slot) & 0xffffffffn);
}

function int(slot: number): ArgumentReader {
  return ({ record }) => record.int(slot);
}

/** The name of the process that is meant, as Falco has it; its id where nobody knows it. */
function otherProcess(slot: number): ArgumentReader {
  return ({ record, target }) => {
    const pid = record.int(slot);
    return (target?.pid === pid ? target.image.name : undefined) ?? pid;
  };
}

function text(slot: number): ArgumentReader {
  return ({ record }) => String(record.number(slot));
}

function hex(slot: number): ArgumentReader {
  return ({ record }) => record.number(slot).toString(16).toUpperCase();
}
