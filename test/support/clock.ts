import type { Clock } from '../../core/index.ts';

/** A clock that only goes on when it is told to, or slept on. */
export function fakeClock(startMs = 0): Clock & { advance(ms: number): void } {
  let nowNs = BigInt(Math.round(startMs * 1e6));
  const advance = (ms: number): void => {
    nowNs += BigInt(Math.round(ms * 1e6));
  };
  return {
    monotonicNs: () => nowNs,
    now: () => new Date(Number(nowNs / 1_000_000n)),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      advance(ms);
    },
    advance,
  };
}
