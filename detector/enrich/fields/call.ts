import type { FieldValue } from '../../event/types.ts';
import { resultText } from '../errno.ts';
import type { FieldReader, SyscallEvent } from '../syscall-event.ts';
import { cloneFlagsText, isOpenForReading, isOpenForWriting, openFlagsText } from '../syscall-names.ts';
import { exeFlagsText, wordsText } from './process.ts';

const O_CREAT = 0o100;
const O_TMPFILE = 0o20000000;
const ANY_EXECUTE = 0o111;
const FILE_CREATED = 1n << 32n;

/** The call itself: its result and arguments. */
export const CALL_FIELDS: Readonly<Record<string, FieldReader>> = {
  'evt.category': ({ type }) => (isOpen(type) ? 'file' : type === 'connect' ? 'net' : 'process'),
  'evt.res': (event) => (event.type === 'procexit' ? undefined : resultText(event.record.result)),
  'evt.rawres': (event) => (event.type === 'procexit' ? undefined : event.record.result),
  'evt.failed': (event) => event.type !== 'procexit' && event.record.result < 0,
  'evt.is_open_read': (event) => isOpen(event.type) && isOpenForReading(openFlags(event)),
  'evt.is_open_write': (event) => isOpen(event.type) && isOpenForWriting(openFlags(event)),
  'evt.is_open_create': (event) => isOpen(event.type) && isCreated(event),
  'evt.is_open_exec': (event) => isOpen(event.type) && (creationMode(event) & ANY_EXECUTE) !== 0,
  'evt.arg': (event, name) => (name === undefined ? undefined : ARGUMENTS.get(event.type)?.get(name)?.(event)),
};

type ArgumentReader = (event: SyscallEvent) => FieldValue | undefined;

const OPEN_ARGUMENTS: Readonly<Record<string, ArgumentReader>> = {
  fd: (event) =>
    event.record.result < 0 ? resultText(event.record.result) : `<f>${String(event.field('fd.name') ?? '')}`,
  name: (event) => event.record.text(0),
  flags: (event) => openFlagsText(openFlags(event), isCreated(event), event.context.architecture),
  mode: (event) => octal(creationMode(event)),
  ino: (event) => event.record.number(4),
};

const RESULT: Readonly<Record<string, ArgumentReader>> = {
  res: ({ record }) => (record.result < 0 ? resultText(record.result) : String(record.result)),
};

const PROCESS_ARGUMENTS: Readonly<Record<string, ArgumentReader>> = {
  ...RESULT,
  exe: ({ image }) => image.exe,
  args: ({ image }) => image.args && wordsText(image.args, '.'),
  comm: ({ record }) => record.comm,
  tid: ({ record }) => record.id('tid'),
  pid: ({ record }) => record.id('pid'),
  ptid: ({ record }) => record.id('ppid'),
  uid: ({ record }) => record.id('uid'),
  gid: ({ record }) => record.id('gid'),
};

const EXEC_ARGUMENTS: Readonly<Record<string, ArgumentReader>> = {
  ...PROCESS_ARGUMENTS,
  uid: (event) => event.field('user.name'),
  filename: ({ record }) => record.text(1),
  tty: ({ record }) => record.id('tty'),
  pgid: ({ record }) => record.id('pgid'),
  loginuid: (event) => event.field('user.loginuid'),
  flags: exeFlagsText,
  trusted_exepath: ({ image }) => image.exePath,
};

const FORK_ARGUMENTS: Readonly<Record<string, ArgumentReader>> = {
  ...PROCESS_ARGUMENTS,
  flags: ({ record }) => cloneFlagsText(record.number(0)),
};

const CONNECT_ARGUMENTS: Readonly<Record<string, ArgumentReader>> = {
  ...RESULT,
  fd: (event) => `<${String(event.field('fd.typechar') ?? 'o')}>${String(event.field('fd.name') ?? '')}`,
  addr: ({ descriptor }) => {
    if (descriptor?.kind !== 'socket') return undefined;
    const { remote, path } = descriptor;
    return remote === undefined ? path : `${remote.address}:${String(remote.port)}`;
  },
};

const EXIT_ARGUMENTS: Readonly<Record<string, ArgumentReader>> = {
  status: ({ record }) => Number(record.number(0)),
  ret: ({ record }) => (Number(record.number(0)) >> 8) & 0xff,
  sig: ({ record }) => Number(record.number(0)) & 0x7f,
  core: ({ record }) => (Number(record.number(0)) >> 7) & 1,
};

const ARGUMENTS: ReadonlyMap<string, ReadonlyMap<string, ArgumentReader>> = new Map(
  (
    [
      [['open', 'openat', 'openat2', 'creat'], OPEN_ARGUMENTS],
      [['execve', 'execveat'], EXEC_ARGUMENTS],
      [['fork', 'vfork', 'clone', 'clone3'], FORK_ARGUMENTS],
      [['connect'], CONNECT_ARGUMENTS],
      [['procexit'], EXIT_ARGUMENTS],
    ] as const
  ).flatMap(([types, readers]) => types.map((type) => [type, new Map(Object.entries(readers))] as const)),
);

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
