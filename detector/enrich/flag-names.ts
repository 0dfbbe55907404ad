/** Names of the numbers that calls take, as Falco spells them. */

type Names = readonly (readonly [name: string, value: number])[];

/** Set bits by name, in the order of the table, with bars between them; `0` for none. */
function flagsText(table: Names): (value: bigint) => string {
  return (value) => {
    const names = table.filter(([, bits]) => (value & BigInt(bits)) === BigInt(bits)).map(([name]) => name);
    return names.length === 0 ? '0' : names.join('|');
  };
}

/** One value by its name, or as a number. */
function nameText(table: Names): (value: bigint) => string {
  const names = new Map(table.map(([name, value]) => [BigInt(value), name] as const));
  return (value) => names.get(value) ?? String(value);
}

/** `AAA BBB` are 0 and 1, counted from `first`. */
function counted(first: number, names: string): Names {
  return names.split(' ').map((name, n) => [name, first + n] as const);
}

export const unlinkFlags = flagsText([['AT_REMOVEDIR', 0x200]]);
export const linkFlags = flagsText([
  ['AT_SYMLINK_FOLLOW', 0x400],
  ['AT_EMPTY_PATH', 0x1000],
]);
export const renameFlags = flagsText([
  ['RENAME_NOREPLACE', 1],
  ['RENAME_EXCHANGE', 2],
  ['RENAME_WHITEOUT', 4],
]);
export const chownFlags = flagsText([
  ['AT_SYMLINK_NOFOLLOW', 0x100],
  ['AT_EMPTY_PATH', 0x1000],
]);
export const memfdFlags = flagsText([
  ['MFD_CLOEXEC', 1],
  ['MFD_ALLOW_SEALING', 2],
  ['MFD_HUGETLB', 4],
]);
export const umountFlags = flagsText([
  ['MNT_FORCE', 1],
  ['MNT_DETACH', 2],
  ['MNT_EXPIRE', 4],
  ['UMOUNT_NOFOLLOW', 8],
]);
export const mountFlags = flagsText([
  ['MS_RDONLY', 1],
  ['MS_NOSUID', 2],
  ['MS_NODEV', 4],
  ['MS_NOEXEC', 8],
  ['MS_SYNCHRONOUS', 16],
  ['MS_REMOUNT', 32],
  ['MS_MANDLOCK', 64],
  ['MS_DIRSYNC', 128],
  ['MS_NOATIME', 1024],
  ['MS_NODIRATIME', 2048],
  ['MS_BIND', 4096],
  ['MS_MOVE', 8192],
  ['MS_REC', 16384],
  ['MS_SILENT', 32768],
  ['MS_POSIXACL', 1 << 16],
  ['MS_UNBINDABLE', 1 << 17],
  ['MS_PRIVATE', 1 << 18],
  ['MS_SLAVE', 1 << 19],
  ['MS_SHARED', 1 << 20],
  ['MS_RELATIME', 1 << 21],
  ['MS_KERNMOUNT', 1 << 22],
  ['MS_I_VERSION', 1 << 23],
  ['MS_STRICTATIME', 1 << 24],
  ['MS_LAZYTIME', 1 << 25],
]);
/** `O_NONE` for none, as of dup3 and userfaultfd. */
export function descriptorFlags(value: bigint): string {
  const text = flagsText([
    ['O_NONBLOCK', 0o4000],
    ['O_CLOEXEC', 0o2000000],
  ])(value);
  return text === '0' ? 'O_NONE' : text;
}
export const fileMode = flagsText([
  ['S_IXOTH', 0o1],
  ['S_IWOTH', 0o2],
  ['S_IROTH', 0o4],
  ['S_IXGRP', 0o10],
  ['S_IWGRP', 0o20],
  ['S_IRGRP', 0o40],
  ['S_IXUSR', 0o100],
  ['S_IWUSR', 0o200],
  ['S_IRUSR', 0o400],
  ['S_ISVTX', 0o1000],
  ['S_ISGID', 0o2000],
  ['S_ISUID', 0o4000],
]);

export const ptraceRequest = nameText([
  ...counted(
    0,
    'PTRACE_TRACEME PTRACE_PEEKTEXT PTRACE_PEEKDATA PTRACE_PEEKUSR PTRACE_POKETEXT PTRACE_POKEDATA PTRACE_POKEUSR ' +
      'PTRACE_CONT PTRACE_KILL PTRACE_SINGLESTEP',
  ),
  ['PTRACE_GETREGS', 12],
  ['PTRACE_SETREGS', 13],
  ['PTRACE_GETFPREGS', 14],
  ['PTRACE_SETFPREGS', 15],
  ['PTRACE_ATTACH', 16],
  ['PTRACE_DETACH', 17],
  ['PTRACE_SYSCALL', 24],
  ['PTRACE_SETOPTIONS', 0x4200],
  ['PTRACE_GETEVENTMSG', 0x4201],
  ['PTRACE_GETSIGINFO', 0x4202],
  ['PTRACE_SETSIGINFO', 0x4203],
  ['PTRACE_GETREGSET', 0x4204],
  ['PTRACE_SETREGSET', 0x4205],
  ['PTRACE_SEIZE', 0x4206],
  ['PTRACE_INTERRUPT', 0x4207],
  ['PTRACE_LISTEN', 0x4208],
  ['PTRACE_PEEKSIGINFO', 0x4209],
]);

const DOMAINS: Names = [
  ['AF_ALG', 38],
  ['AF_CAN', 29],
  ['AF_PACKET', 17],
  ['AF_ROUTE', 16],
  ['AF_NETLINK', 16],
  ['AF_KEY', 15],
  ['AF_INET6', 10],
  ['AF_X25', 9],
  ['AF_ATMPVC', 8],
  ['AF_BRIDGE', 7],
  ['AF_NETROM', 6],
  ['AF_APPLETALK', 5],
  ['AF_IPX', 4],
  ['AF_AX25', 3],
  ['AF_INET', 2],
  ['AF_LOCAL', 1],
  ['AF_UNIX', 1],
  ['AF_UNSPEC', 0],
];

/** All names that the number has: `AF_LOCAL|AF_UNIX`. */
export function socketDomain(value: bigint): string {
  const names = DOMAINS.filter(([, number]) => BigInt(number) === value).map(([name]) => name);
  return names.length === 0 ? String(value) : names.join('|');
}

export const bpfCommand = nameText(
  counted(
    0,
    'BPF_MAP_CREATE BPF_MAP_LOOKUP_ELEM BPF_MAP_UPDATE_ELEM BPF_MAP_DELETE_ELEM BPF_MAP_GET_NEXT_KEY BPF_PROG_LOAD ' +
      'BPF_OBJ_PIN BPF_OBJ_GET BPF_PROG_ATTACH BPF_PROG_DETACH BPF_PROG_TEST_RUN BPF_PROG_GET_NEXT_ID ' +
      'BPF_MAP_GET_NEXT_ID BPF_PROG_GET_FD_BY_ID BPF_MAP_GET_FD_BY_ID BPF_OBJ_GET_INFO_BY_FD BPF_PROG_QUERY ' +
      'BPF_RAW_TRACEPOINT_OPEN BPF_BTF_LOAD BPF_BTF_GET_FD_BY_ID BPF_TASK_FD_QUERY BPF_MAP_LOOKUP_AND_DELETE_ELEM ' +
      'BPF_MAP_FREEZE BPF_BTF_GET_NEXT_ID BPF_MAP_LOOKUP_BATCH BPF_MAP_LOOKUP_AND_DELETE_BATCH BPF_MAP_UPDATE_BATCH ' +
      'BPF_MAP_DELETE_BATCH BPF_LINK_CREATE BPF_LINK_UPDATE BPF_LINK_GET_FD_BY_ID BPF_LINK_GET_NEXT_ID ' +
      'BPF_ENABLE_STATS BPF_ITER_CREATE BPF_LINK_DETACH BPF_PROG_BIND_MAP',
  ),
);

export const fcntlCommand = nameText([
  ...counted(0, 'F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN F_GETOWN F_SETSIG F_GETSIG'),
  ...counted(36, 'F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW'),
  ['F_SETLEASE', 1024],
  ['F_GETLEASE', 1025],
  ['F_NOTIFY', 1026],
  ['F_DUPFD_CLOEXEC', 1030],
  ['F_SETPIPE_SZ', 1031],
  ['F_GETPIPE_SZ', 1032],
  ['F_ADD_SEALS', 1033],
  ['F_GET_SEALS', 1034],
]);

export const prctlOption = nameText([
  ...counted(1, 'PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_GET_DUMPABLE PR_SET_DUMPABLE'),
  ...counted(7, 'PR_GET_KEEPCAPS PR_SET_KEEPCAPS'),
  ...counted(15, 'PR_SET_NAME PR_GET_NAME'),
  ...counted(21, 'PR_GET_SECCOMP PR_SET_SECCOMP PR_CAPBSET_READ PR_CAPBSET_DROP'),
  ...counted(36, 'PR_SET_CHILD_SUBREAPER PR_GET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS PR_GET_NO_NEW_PRIVS'),
  ['PR_CAP_AMBIENT', 47],
  ['PR_SET_PTRACER', 0x59616d61],
]);

export const signalName = nameText(
  counted(
    1,
    'SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM ' +
      'SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH ' +
      'SIGIO SIGPWR SIGSYS',
  ),
);
