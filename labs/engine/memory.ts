export interface MachineMemory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

/** MemTotal and MemAvailable of /proc/meminfo, which counts in KiB. */
export function memoryFrom(meminfo: string): MachineMemory {
  const bytes = (key: string): number => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(meminfo)?.[1] ?? 0) * 1024;
  return { totalBytes: bytes('MemTotal'), availableBytes: bytes('MemAvailable') };
}
