import { EVENT_TYPES } from '../../event/event-types.ts';
import type { SensorRecord } from '../../source/record.ts';
import { pathAt, pathsOf } from '../call-paths.ts';
import { resultText } from '../errno.ts';
import type { FieldReader, SyscallEvent } from '../syscall-event.ts';
import { cloneFlagsText, isOpenForReading, isOpenForWriting, openFlagsText } from '../syscall-names.ts';
import { CALL_ARGUMENTS, res, type ArgumentReader, type ArgumentReaders } from './call-arguments.ts';
import { exeFlagsText, wordsText } from './process.ts';

const O_CREAT = 0o100;
const O_TMPFILE = 0o20000000;
const ANY_EXECUTE = 0o111;
const FILE_CREATED = 1n << 32n;

/** The call itself: its result and arguments. */
export const CALL_FIELDS: Readonly<Record<string, FieldReader>> = {
  'evt.category': ({ type }) => categoryOf(type),
  'evt.res': (event) => (event.type === 'procexit' ? undefined : resultText(event.record.result)),
  'evt.rawres': (event) => (event.type === 'procexit' ? undefined : event.record.result),
  'evt.failed': (event) => event.type !== 'procexit' && event.record.result < 0,
  'evt.is_open_read': (event) => isOpen(event.type) && isOpenForReading(openFlags(event)),
  'evt.is_open_write': (event) => isOpen(event.type) && isOpenForWriting(openFlags(event)),
  'evt.is_open_create': (event) => isOpen(event.type) && isCreated(event),
  'evt.is_open_exec': (event) => isOpen(event.type) && (creationMode(event) & ANY_EXECUTE) !== 0,
  'evt.args': allArguments,
  'evt.info': allArguments,
  'evt.buffer': ({ record }) => (HAS_DATA.has(record.type) ? nonEmpty(record.bytes(2).toString('latin1')) : undefined),
  'evt.buflen': ({ record }) => (HAS_DATA.has(record.type) && record.result >= 0 ? record.result : undefined),
  'evt.is_io': ({ type }) => HAS_DATA.has(type),
  'evt.is_io_read': ({ type }) => type.startsWith('recv'),
  'evt.is_io_write': ({ type }) => type.startsWith('send'),
  'evt.abspath': ({ record }, which) => abspath(record, which),
  'fs.path.name': onePath(({ record }, slot) => pathAt(record, slot)),
  'fs.path.nameraw': onePath(({ record }, slot) => record.text(slot)),
  'fs.path.source': twoPaths(0, ({ record }) => pathAt(record, 0)),
  'fs.path.sourceraw': twoPaths(0, ({ record }) => record.text(0)),
  'fs.path.target': twoPaths(2, ({ record }) => pathAt(record, 2)),
  'fs.path.targetraw': twoPaths(2, ({ record }) => record.text(2)),
  'evt.arg': (event, name) => (name === undefined ? undefined : ARGUMENTS.get(event.type)?.get(name)?.(event)),
};

const OPEN_ARGUMENTS: ArgumentReaders = {
  fd: (event) =>
    event.record.result < 0 ? resultText(event.record.result) : `<f>${String(event.field('fd.name') ?? '')}`,
  name: (event) => event.record.text(0),
  flags: (event) => openFlagsText(openFlags(event), isCreated(event), event.context.architecture),
  mode: (event) => octal(creationMode(event)),
  ino: (event) => event.record.number(4),
};

const PROCESS_ARGUMENTS: ArgumentReaders = {
  res,
  exe: ({ image }) => image.exe,
  args: ({ image }) => image.args && wordsText(image.args, '.'),
  comm: ({ record }) => record.comm,
  tid: ({ record }) => record.id('tid'),
  pid: ({ record }) => record.id('pid'),
  ptid: ({ record }) => record.id('ppid'),
  uid: ({ record }) => record.id('uid'),
  gid: ({ record }) => record.id('gid'),
};

const EXEC_ARGUMENTS: ArgumentReaders = {
  ...PROCESS_ARGUMENTS,
  uid: (event) => event.field('user.name'),
  filename: ({ record }) => record.text(1),
  tty: ({ record }) => record.id('tty'),
  pgid: ({ record }) => record.id('pgid'),
  loginuid: (event) => event.field('user.loginuid'),
  flags: exeFlagsText,
  trusted_exepath: ({ image }) => image.exePath,
};

const FORK_ARGUMENTS: ArgumentReaders = {
  ...PROCESS_ARGUMENTS,
  flags: ({ record }) => cloneFlagsText(record.number(0)),
};

const EXIT_ARGUMENTS: ArgumentReaders = {
  status: ({ record }) => Number(record.number(0)),
  ret: ({ record }) => (Number(record.number(0)) >> 8) & 0xff,
  sig: ({ record }) => Number(record.number(0)) & 0x7f,
  core: ({ record }) => (Number(record.number(0)) >> 7) & 1,
};

const ARGUMENTS: ReadonlyMap<string, ReadonlyMap<string, ArgumentReader>> = new Map(
  Object.entries({
    ...CALL_ARGUMENTS,
    ...forEach(['open', 'openat', 'openat2', 'creat'], OPEN_ARGUMENTS),
    ...forEach(['execve', 'execveat'], EXEC_ARGUMENTS),
    ...forEach(['fork', 'vfork', 'clone', 'clone3'], FORK_ARGUMENTS),
    procexit: EXIT_ARGUMENTS,
  }).map(([type, readers]) => [type, new Map(Object.entries(readers))] as const),
);

/** Names that `evt.arg` knows, over all event types. */
export const ARGUMENT_NAMES: ReadonlySet<string> = new Set([...ARGUMENTS.values()].flatMap((of) => [...of.keys()]));

function forEach(types: readonly string[], readers: ArgumentReaders): Readonly<Record<string, ArgumentReaders>> {
  return Object.fromEntries(types.map((type) => [type, readers]));
}

/** `res=0 path=/etc/hosts`: all arguments that are known, in the order in which the event has them. */
function allArguments(event: SyscallEvent): string | undefined {
  const readers = ARGUMENTS.get(event.type);
  if (readers === undefined) return undefined;
  const shown = (EVENT_TYPES.get(event.type) ?? []).flatMap(({ name }) => {
    const value = readers.get(name)?.(event);
    return value === undefined ? [] : [`${name}=${String(value)}`];
  });
  return shown.join(' ');
}

const HAS_DATA: ReadonlySet<string> = new Set(['sendto', 'sendmsg', 'recvfrom', 'recvmsg']);
const NETWORK = /^(socket|connect|bind|listen|accept|send|recv)/;
const FILES = /^(open|creat|close|dup|fcntl|f?ch(dir|root|mod|own)|lchown|unlink|rm|mk|rename|link|symlink|u?mount)/;

function categoryOf(type: string): string {
  if (NETWORK.test(type)) return 'net';
  if (FILES.test(type)) return 'file';
  return /^(pipe|eventfd)/.test(type) ? 'ipc' : 'process';
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function abspath(record: SensorRecord, which: string | undefined): string | undefined {
  const [first, second] = pathsOf(record.type);
  const slot = which === 'dst' ? second : first;
  return slot === undefined ? undefined : pathAt(record, slot);
}

/** Of calls on one path. */
function onePath(read: (event: SyscallEvent, slot: 0 | 2) => string): FieldReader {
  return (event) => {
    const [slot, another] = pathsOf(event.type);
    return slot === undefined || another !== undefined ? undefined : read(event, slot);
  };
}

/** Of calls that lead from one path to another. */
function twoPaths(slot: 0 | 2, read: (event: SyscallEvent) => string): FieldReader {
  return (event) => (pathsOf(event.type).includes(slot) && pathsOf(event.type).includes(2) ? read(event) : undefined);
}

function isOpen(type: string): boolean {
  return type.startsWith('open') || type === 'creat';
}

function openFlags({ record }: SyscallEvent): number {
  return Number(record.number(0) & 0xffffffffn);
}

function isCreated({ record }: SyscallEvent): boolean {
  return (record.number(5) & FILE_CREATED) !== 0n;
}

/** The mode argument means something only when the call may create a file. */
function creationMode(event: SyscallEvent): number {
  const creates = (openFlags(event) & O_CREAT) !== 0 || (openFlags(event) & O_TMPFILE) !== 0;
  return creates ? Number(event.record.number(1) & 0o7777n) : 0;
}

function octal(mode: number): string {
  return mode === 0 ? '0' : `0${mode.toString(8)}`;
}
