import type { MeterTransition } from '../protocol.ts';

const MAX_KEPT = 2_000;

/** The latest transitions of all paths of one prober, with numbers in which a gap shows what was lost. */
export interface TransitionLog {
  add(transition: Omit<MeterTransition, 'seq'>): void;
  /** Those with a number above `seq`. */
  since(seq: number): readonly MeterTransition[];
}

export function transitionLog(): TransitionLog {
  const kept: MeterTransition[] = [];
  let last = 0;
  return {
    add: (transition) => {
      last += 1;
      kept.push({ seq: last, ...transition });
      if (kept.length > MAX_KEPT) kept.shift();
    },
    since: (seq) => kept.filter((transition) => transition.seq > seq),
  };
}
