import { readFile } from 'node:fs/promises';

export interface MachineMemory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** Memory that is free on this machine; undefined where /proc does not tell. */
export async function availableBytes(): Promise<number | undefined> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => undefined);
  return text === undefined ? undefined : memoryFrom(text).availableBytes;
}

/** MemTotal and MemAvailable of /proc/meminfo, which counts in KiB. */
export function memoryFrom(meminfo: string): MachineMemory {
  const bytes = (key: string): number => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(meminfo)?.[1] ?? 0) * 1024;
  return { totalBytes: bytes('MemTotal'), availableBytes: bytes('MemAvailable') };
}
