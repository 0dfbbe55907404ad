/** Deterministic choices for a seed: the same seed makes the same choices in the same order, on every machine. */
export interface Dice {
  /** One of the items; fails for an empty list, which is a mistake of the caller's. */
  pick<T>(items: readonly T[]): T;
  /** An integer from 0 to `below` - 1. */
  below(below: number): number;
}

/** Dice for a text, e.g. `S01/7/victim`: a part of its own for each choice keeps old seeds stable when a choice is added. */
export function diceFor(text: string): Dice {
  let state = hash(text);
  const next = (): number => {
    // mulberry32: 32 bits of state, passes the usual tests, and is short.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: <T>(items: readonly T[]): T => {
      const index = below(items.length);
      if (index >= items.length) throw new RangeError('nothing to pick from');
      return items[index] as T;
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
