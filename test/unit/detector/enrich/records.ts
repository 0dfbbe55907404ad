import { encodeRecord, encodeWalkedPath, SensorRecord, type RecordParts } from '../../../../detector/source/record.ts';

/** A record as the sensor would send it. */
export function recordOf(parts: RecordParts): SensorRecord {
  const record = SensorRecord.from(encodeRecord(parts));
  if (record === undefined) throw new Error('the parts are no record');
  return record;
}

export interface ExecParts {
  readonly pid: number;
  readonly ppid?: number;
  readonly args: readonly string[];
  readonly exePath?: string;
  readonly cwd?: string;
  readonly cgroup?: string;
  readonly cgroupId?: bigint;
  readonly startNs?: bigint;
  readonly timeNs?: bigint;
  readonly comm?: string;
  readonly parentName?: string;
  readonly ids?: RecordParts['ids'];
  readonly numbers?: readonly bigint[];
  readonly flags?: number;
}

/** A successful execve. */
export function execOf({
  pid,
  ppid = 1,
  args,
  exePath = `/usr/bin/${args[0] ?? ''}`,
  ...more
}: ExecParts): SensorRecord {
  return recordOf({
    type: 'execve',
    timeNs: more.timeNs ?? 1_000n,
    startNs: more.startNs ?? BigInt(pid) * 10n,
    cgroupId: more.cgroupId ?? 1n,
    comm: more.comm ?? args[0] ?? '',
    flags: more.flags ?? 0,
    ids: { pid, tid: pid, ppid, pgid: pid, sid: pid, vpid: pid, vtid: pid, loginuid: 0xffffffff, ...more.ids },
    numbers: more.numbers ?? [0n, 0n, 0n, 77n, 0n, 0o100755n],
    strings: [
      args.map((word) => `${word}\0`).join(''),
      exePath,
      encodeWalkedPath(exePath),
      encodeWalkedPath(more.cwd ?? '/'),
      encodeWalkedPath(more.cgroup ?? '/system.slice'),
      more.parentName ?? '',
    ],
  });
}

export function forkOf(pid: number, ppid: number, more: Partial<RecordParts> = {}): SensorRecord {
  return recordOf({ type: 'clone', startNs: BigInt(pid) * 10n, comm: 'forked', ids: { pid, tid: pid, ppid }, ...more });
}

export function exitOf(pid: number, more: Partial<RecordParts> = {}): SensorRecord {
  return recordOf({ type: 'procexit', startNs: BigInt(pid) * 10n, ids: { pid, tid: pid }, ...more });
}

export function openOf(pid: number, path: string, more: Partial<RecordParts> = {}): SensorRecord {
  return recordOf({
    type: 'openat',
    timeNs: 5_000n,
    startNs: BigInt(pid) * 10n,
    cgroupId: 1n,
    comm: 'opener',
    ids: { pid, tid: pid, ppid: 1, loginuid: 0xffffffff },
    result: 3,
    strings: [path],
    ...more,
  });
}

export const POD_UID = '5f0b9f0e-3c5e-4c43-8f3a-0a4c1d2e3f40';
export const CONTAINER_ID = 'ab'.repeat(32);
export const CONTAINER_CGROUP = `/docker/${'cd'.repeat(32)}/kubelet/kubepods/burstable/pod${POD_UID}/${CONTAINER_ID}`;
