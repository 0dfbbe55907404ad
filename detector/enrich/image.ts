import type { CapabilitySet, SensorRecord } from '../source/record.ts';

/** What a process runs: replaced as a whole by an exec, so whoever holds one keeps what was true then. */
export interface Image {
  readonly name: string;
  /** argv[0]; undefined where arguments are not known (kernel threads, processes first met by another event). */
  readonly exe?: string;
  readonly args?: readonly string[];
  /** Path of the program file in the mount namespace of the process. */
  readonly exePath?: string;
  readonly cwd?: string;
  /** `NAME=value` words; only where rules ask for it. */
  readonly environment?: readonly string[];
  readonly file?: ProgramFile;
  /** Those that it was started with. */
  readonly capabilities?: Readonly<Record<CapabilitySet, bigint>>;
}

export interface ProgramFile {
  readonly isUpperLayer: boolean;
  readonly isLowerLayer: boolean;
  readonly isFromMemfd: boolean;
  readonly inode: bigint;
  /** Last change of the file or its attributes, and of its content: nanoseconds since 1970. */
  readonly changedNs: bigint;
  readonly modifiedNs: bigint;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

const ExeFlag = { upperLayer: 1n, lowerLayer: 2n, memfd: 4n } as const;

/** The image that an exec, or a snapshot of what ran already, tells of; by name alone where the kernel has no file. */
export function imageOf(record: SensorRecord): Image {
  const [exe, ...args] = record.words(0);
  const flags = record.number(0);
  const isFromMemfd = (flags & ExeFlag.memfd) !== 0n;
  const owner = record.number(4);
  if (record.number(3) === 0n) return { name: record.comm };
  return {
    name: record.comm,
    ...(exe === undefined ? {} : { exe, args }),
    exePath: isFromMemfd ? record.words(2).join('') : record.walkedPath(2),
    cwd: record.walkedPath(3),
    ...(record.bytes(6).length === 0 ? {} : { environment: record.words(6) }),
    capabilities: {
      effective: record.capabilities('effective'),
      permitted: record.capabilities('permitted'),
      inheritable: record.capabilities('inheritable'),
    },
    file: {
      isUpperLayer: (flags & ExeFlag.upperLayer) !== 0n,
      isLowerLayer: (flags & ExeFlag.lowerLayer) !== 0n,
      isFromMemfd,
      inode: record.number(3),
      changedNs: record.number(1),
      modifiedNs: record.number(2),
      uid: Number(owner & 0xffffffffn),
      gid: Number(owner >> 32n),
      mode: Number(record.number(5)),
    },
  };
}
