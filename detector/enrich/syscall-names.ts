/** Names of the flags, errors and capabilities that a system call's event shows, as Falco spells them. */

type FlagTable = readonly (readonly [name: string, bits: number])[];

const COMMON_OPEN_FLAGS: FlagTable = [
  ['O_TRUNC', 0o1000],
  ['O_SYNC', 0o4000000],
  ['O_NONBLOCK', 0o4000],
  ['O_EXCL', 0o200],
  ['O_DSYNC', 0o10000],
  ['O_APPEND', 0o2000],
  ['O_CREAT', 0o100],
];

const ARCHITECTURE_OPEN_FLAGS: Readonly<Record<'x86-64' | 'arm64', FlagTable>> = {
  'x86-64': [
    ['O_LARGEFILE', 0o100000],
    ['O_DIRECTORY', 0o200000],
    ['O_DIRECT', 0o40000],
  ],
  arm64: [
    ['O_LARGEFILE', 0o400000],
    ['O_DIRECTORY', 0o40000],
    ['O_DIRECT', 0o200000],
  ],
};

const O_ACCMODE = 0o3;
const O_CLOEXEC = 0o2000000;
const O_TMPFILE = 0o20000000;
const ACCESS_NAMES = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_RDWR'];

export type Architecture = keyof typeof ARCHITECTURE_OPEN_FLAGS;

/** Flags of an open, e.g. `O_TRUNC|O_CREAT|O_WRONLY|O_CLOEXEC|O_F_CREATED`. */
export function openFlagsText(flags: number, isCreated: boolean, architecture: Architecture): string {
  const set = (table: FlagTable): readonly string[] =>
    table.filter(([, bits]) => (flags & bits) === bits).map(([name]) => name);
  return [
    ...set(ARCHITECTURE_OPEN_FLAGS[architecture]),
    ...set(COMMON_OPEN_FLAGS),
    ACCESS_NAMES[flags & O_ACCMODE] ?? '',
    ...(flags & O_CLOEXEC ? ['O_CLOEXEC'] : []),
    ...(flags & O_TMPFILE ? ['O_TMPFILE'] : []),
    ...(isCreated ? ['O_F_CREATED'] : []),
  ].join('|');
}

export function isOpenForReading(flags: number): boolean {
  return (flags & O_ACCMODE) !== 1;
}

export function isOpenForWriting(flags: number): boolean {
  return (flags & O_ACCMODE) !== 0;
}

export function isOpenOfDirectory(flags: number, architecture: Architecture): boolean {
  const [, bits] = ARCHITECTURE_OPEN_FLAGS[architecture].find(([name]) => name === 'O_DIRECTORY') ?? ['', 0];
  // O_TMPFILE contains O_DIRECTORY, and opens a file.
  return (flags & bits) !== 0 && (flags & O_TMPFILE) === 0;
}

const CLONE_FLAGS: FlagTable = [
  ['CLONE_FILES', 0x400],
  ['CLONE_FS', 0x200],
  ['CLONE_IO', 0x80000000],
  ['CLONE_NEWIPC', 0x08000000],
  ['CLONE_NEWNET', 0x40000000],
  ['CLONE_NEWNS', 0x00020000],
  ['CLONE_NEWPID', 0x20000000],
  ['CLONE_NEWUTS', 0x04000000],
  ['CLONE_PARENT_SETTID', 0x00100000],
  ['CLONE_PARENT', 0x8000],
  ['CLONE_PTRACE', 0x2000],
  ['CLONE_SIGHAND', 0x800],
  ['CLONE_SYSVSEM', 0x00040000],
  ['CLONE_THREAD', 0x00010000],
  ['CLONE_UNTRACED', 0x00800000],
  ['CLONE_VM', 0x100],
  ['CLONE_NEWUSER', 0x10000000],
  ['CLONE_CHILD_CLEARTID', 0x00200000],
  ['CLONE_CHILD_SETTID', 0x01000000],
  ['CLONE_SETTLS', 0x00080000],
  ['CLONE_VFORK', 0x4000],
  ['CLONE_NEWCGROUP', 0x02000000],
];

/** Flags of clone and clone3; `0` for none. */
export function cloneFlagsText(flags: bigint): string {
  const names = CLONE_FLAGS.filter(([, bits]) => (flags & BigInt(bits)) !== 0n).map(([name]) => name);
  return names.length === 0 ? '0' : names.join('|');
}

const CAPABILITIES = (
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE ' +
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN ' +
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE ' +
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).split(' ');

/** A set of capabilities as names with blanks between them. */
export function capabilitiesText(set: bigint): string {
  return CAPABILITIES.filter((_, bit) => (set >> BigInt(bit)) & 1n)
    .map((name) => `CAP_${name}`)
    .join(' ');
}

export function hasCapability(set: bigint, name: string): boolean {
  return ((set >> BigInt(CAPABILITIES.indexOf(name))) & 1n) !== 0n;
}
