import type { FieldValue } from '../../event/types.ts';
import type { CapabilitySet } from '../../source/record.ts';
import type { Image, ProgramFile } from '../image.ts';
import type { FieldReader, Relative, SyscallEvent } from '../syscall-event.ts';
import { capabilitiesText, hasCapability } from '../syscall-names.ts';

/** Who did it: the process, its ancestors, its session and its terminal. */
export const PROCESS_FIELDS: Readonly<Record<string, FieldReader>> = {
  'proc.name': ({ record }) => record.comm,
  'proc.exe': ({ image }) => image.exe,
  'proc.exepath': ({ image }) => image.exePath,
  'proc.args': ({ image }, index) => (index === undefined ? argsText(image) : image.args?.[Number(index)]),
  'proc.cmdline': ({ record, image }) => commandLine(record.comm, image),
  'proc.exeline': ({ image }) => (image.exe === undefined ? undefined : commandLine(image.exe, image)),
  'proc.cmdnargs': ({ image }) => image.args?.length,
  'proc.cmdlenargs': ({ image }) => image.args?.reduce((sum, word) => sum + word.length, 0),
  'proc.cwd': ({ image }) => image.cwd,
  'proc.tty': ({ record }) => record.id('tty'),
  'proc.pid': ({ record }) => record.id('pid'),
  'proc.ppid': ({ record }) => record.id('ppid'),
  'proc.vpid': ({ record }) => record.id('vpid'),
  'proc.pgid': ({ record }) => record.id('pgid'),
  'proc.is_pgid_leader': ({ record }) => record.id('pgid') === record.id('pid'),
  'proc.sid': ({ record }) => record.id('sid'),
  'proc.is_sid_leader': ({ record }) => record.id('sid') === record.id('pid'),
  'proc.duration': ({ record }) => integer(record.timeNs - record.startNs),
  'proc.pid.ts': (event) => integer(startedNs(event)),
  'proc.ppid.duration': (event) => {
    const [parent] = event.ancestors;
    return parent && integer(event.record.timeNs - parent.process.startNs);
  },
  'proc.pname': parent((image) => image.name),
  'proc.pexe': parent((image) => image.exe),
  'proc.pexepath': parent((image) => image.exePath),
  'proc.pcmdline': parent((image) => commandLine(image.name, image)),
  'proc.pvpid': (event) => event.ancestors[0]?.process.vpid,
  'proc.aname': ancestor('proc.name', ({ image }) => image.name),
  'proc.aexe': ancestor('proc.exe', ({ image }) => image.exe),
  'proc.aexepath': ancestor('proc.exepath', ({ image }) => image.exePath),
  'proc.aargs': ancestor('proc.args', ({ image }) => argsText(image)),
  'proc.acmdline': ancestor('proc.cmdline', ({ image }) => commandLine(image.name, image)),
  'proc.apid': ancestor('proc.pid', ({ process }) => process.pid),
  'proc.sname': leader('sid', (image) => image.name),
  'proc.sid.exe': leader('sid', (image) => image.exe),
  'proc.sid.exepath': leader('sid', (image) => image.exePath),
  'proc.pgid.name': leader('pgid', (image) => image.name),
  'proc.pgid.exe': leader('pgid', (image) => image.exe),
  'proc.pgid.exepath': leader('pgid', (image) => image.exePath),
  'proc.is_exe_upper_layer': ({ image }) => image.file?.isUpperLayer,
  'proc.is_exe_lower_layer': ({ image }) => image.file?.isLowerLayer,
  'proc.is_exe_from_memfd': ({ image }) => image.file?.isFromMemfd,
  'proc.is_exe_writable': isWritable,
  'proc.exe_ino': ({ image }) => image.file && integer(image.file.inode),
  'thread.tid': ({ record }) => record.id('tid'),
  'thread.vtid': ({ record }) => record.id('vtid'),
  'thread.ismain': ({ record }) => record.id('tid') === record.id('pid'),
  'thread.cap_effective': capabilities('effective'),
  'thread.cap_permitted': capabilities('permitted'),
  'thread.cap_inheritable': capabilities('inheritable'),
  'proc.env': ({ image }, name) => environment(image, name),
  'proc.vpgid': ({ record }) => record.id('vpgid'),
  'proc.is_vpgid_leader': ({ record }) => record.id('vpgid') === record.id('vpid'),
  'proc.vpgid.name': leader('pgid', (image) => image.name),
  'proc.vpgid.exe': leader('pgid', (image) => image.exe),
  'proc.vpgid.exepath': leader('pgid', (image) => image.exePath),
  'proc.exe_ino.ctime': ({ image }) => image.file && integer(image.file.changedNs),
  'proc.exe_ino.mtime': ({ image }) => image.file && integer(image.file.modifiedNs),
  'proc.exe_ino.ctime_duration_proc_start': (event) => {
    const { file } = event.image;
    return file && integer(startedNs(event) - file.changedNs);
  },
};

/** Flags of an exec as one text, or `0`. Missing where the file is not known. */
export function exeFlagsText(event: SyscallEvent): string | undefined {
  const { file } = event.image;
  if (file === undefined || event.record.result < 0) return undefined;
  const names = [
    ...(isWritable(event) === true ? ['EXE_WRITABLE'] : []),
    ...(file.isUpperLayer ? ['EXE_UPPER_LAYER'] : []),
    ...(file.isFromMemfd ? ['EXE_FROM_MEMFD'] : []),
    ...(file.isLowerLayer ? ['EXE_LOWER_LAYER'] : []),
  ];
  return names.length === 0 ? '0' : names.join('|');
}

export function wordsText(words: readonly string[], separator: string): string {
  return words.join(separator);
}

/** Calls after which a program may have all capabilities, in a user namespace of its own. */
const ENTERS_NAMESPACE: ReadonlySet<string> = new Set(['unshare', 'setns']);

/** Those with which a program makes a call; the sensor tells them as they are after it. */
function capabilities(set: CapabilitySet): FieldReader {
  return ({ record, image }) => {
    const before = ENTERS_NAMESPACE.has(record.type) ? image.capabilities?.[set] : undefined;
    return capabilitiesText(before ?? record.capabilities(set));
  };
}

/** By the file's mode; a read-only mount is not looked at. Known at the exec only, for want of capabilities later. */
function isWritable(event: SyscallEvent): boolean | undefined {
  const { file } = event.image;
  if (file === undefined || !isSuccessfulExec(event)) return undefined;
  return hasCapability(event.record.capabilities('effective'), 'DAC_OVERRIDE') || isWritableBy(file, event);
}

function isWritableBy(file: ProgramFile, { record }: SyscallEvent): boolean {
  if (file.uid === record.id('uid')) return (file.mode & 0o200) !== 0;
  if (file.gid === record.id('gid')) return (file.mode & 0o020) !== 0;
  return (file.mode & 0o002) !== 0;
}

/** All of it, or the value of one variable. */
function environment({ environment: words }: Image, name: string | undefined): string | undefined {
  if (name === undefined) return words && wordsText(words, ' ');
  const found = words?.find((word) => word.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

/** Wall clock, nanoseconds since 1970. */
function startedNs({ timeNs, record }: SyscallEvent): bigint {
  return timeNs - (record.timeNs - record.startNs);
}

function isSuccessfulExec({ type, record }: SyscallEvent): boolean {
  return type.startsWith('execve') && record.result >= 0;
}

function argsText(image: Image): string | undefined {
  return image.args && wordsText(image.args, ' ');
}

function commandLine(first: string, image: Image): string {
  return [first, ...(image.args ?? [])].join(' ');
}

function parent(read: (image: Image) => FieldValue | undefined): FieldReader {
  return (event) => {
    const [nearest] = event.ancestors;
    return nearest && read(nearest.image);
  };
}

/** With an index one ancestor, 0 being the process itself; without, all ancestors. */
function ancestor(own: string, read: (relative: Relative) => string | number | undefined): FieldReader {
  return (event, index) => {
    if (index === undefined) {
      const all = event.ancestors.map(read).filter((value) => value !== undefined);
      return all.length === 0 ? undefined : all;
    }
    if (index === '0') return event.field(own);
    const relative = event.ancestors[Number(index) - 1];
    return relative && read(relative);
  };
}

/** The leader of the session or group is an ancestor, or the process itself, unless it has ended. */
function leader(id: 'sid' | 'pgid', read: (image: Image) => FieldValue | undefined): FieldReader {
  return (event) => {
    const pid = event.record.id(id);
    if (pid === event.process.pid) return read(event.image);
    const found = event.ancestors.find(({ process }) => process.pid === pid);
    return found && read(found.image);
  };
}

/** As the fields' contract wants it: a number while that is exact. */
function integer(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
