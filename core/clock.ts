import { setTimeout as delay } from 'node:timers/promises';

/** Time as a value, so that whatever waits or stamps can be tested without waiting. */
export interface Clock {
  /** Nanoseconds of CLOCK_MONOTONIC, which all containers of one machine share. */
  monotonicNs(): bigint;
  /** Wall clock, for people and file names only. */
  now(): Date;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  monotonicNs: () => process.hrtime.bigint(),
  now: () => new Date(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}),
};

/** Milliseconds between two readings of `monotonicNs`. */
export function elapsedMs(sinceNs: bigint, untilNs: bigint): number {
  return Number(untilNs - sinceNs) / 1e6;
}
