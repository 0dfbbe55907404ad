/** Commands that turn one list of rules into another, in the words of iptables-restore. */
export interface RuleEdit {
  readonly deletions: readonly string[];
  /** Positions count from 1, and hold when the deletions are done and the insertions run in order. */
  readonly insertions: readonly { readonly position: number; readonly rule: string }[];
}

export interface MergeRules {
  readonly wanted: readonly string[];
  readonly now: readonly string[];
  /** A rule that is not wanted, and yet to be kept: it is newer than the list of wanted ones. */
  readonly isNewer: (rule: string) => boolean;
  /** The place of such a rule is its owner's business: where it is present, it is not moved. */
  readonly isPlacedByOwner: (rule: string) => boolean;
}

/**
 * Puts back what is missing beside its old neighbours, and takes out what is neither wanted nor newer. What is newer keeps
 * its place: a rule that comes back goes behind it.
 */
export function mergeRules({ wanted, now, isNewer, isPlacedByOwner }: MergeRules): RuleEdit {
  const kept = keptPairs(wanted, now, isPlacedByOwner);
  const keptNow = new Set(kept.values());
  const isGone = (rule: string, index: number): boolean =>
    !keptNow.has(index) && (wanted.includes(rule) || !isNewer(rule));

  const list = now.flatMap((rule, index) => (isGone(rule, index) ? [] : [{ rule, at: index }]));
  const insertions: { position: number; rule: string }[] = [];
  wanted.forEach((rule, index) => {
    if (kept.has(index)) return;
    const place = { index, kept, list };
    const position = isPlacedByOwner(rule) ? besideNeighbours(place) : amongOthers(place, wanted, isPlacedByOwner);
    // A negative mark: it was not there before, and later ones find it as their neighbour.
    const mark = -1 - index;
    list.splice(position, 0, { rule, at: mark });
    kept.set(index, mark);
    insertions.push({ position: position + 1, rule });
  });
  return { deletions: now.filter(isGone), insertions };
}

interface Place {
  /** Of the rule in the list of wanted ones. */
  readonly index: number;
  /** Index of a wanted rule → its mark in the list. */
  readonly kept: ReadonlyMap<number, number>;
  readonly list: readonly { readonly at: number }[];
}

/** Behind the nearest wanted rule before it that is there, else in front of the nearest one after it, else last. */
function besideNeighbours({ index, kept, list }: Place): number {
  const placeOf = (wantedIndex: number): number => list.findIndex(({ at }) => at === kept.get(wantedIndex));
  const before = Math.max(...[...kept.keys()].filter((wantedIndex) => wantedIndex < index));
  if (Number.isFinite(before)) return placeOf(before) + 1;
  const after = Math.min(...[...kept.keys()].filter((wantedIndex) => wantedIndex > index));
  return Number.isFinite(after) ? placeOf(after) : list.length;
}

/** Beside its neighbours, but never out of order among the rules whose order is nobody else's business. */
function amongOthers(place: Place, wanted: readonly string[], isPlacedByOwner: (rule: string) => boolean): number {
  const { index, kept, list } = place;
  const others = [...kept].filter(([wantedIndex]) => !isPlacedByOwner(wanted[wantedIndex] ?? ''));
  const placesOf = (pairs: readonly (readonly [number, number])[]): readonly number[] =>
    pairs.map(([, mark]) => list.findIndex(({ at }) => at === mark));
  const lowest = Math.max(0, ...placesOf(others.filter(([wantedIndex]) => wantedIndex < index)).map((at) => at + 1));
  const highest = Math.min(list.length, ...placesOf(others.filter(([wantedIndex]) => wantedIndex > index)));
  return Math.min(Math.max(besideNeighbours(place), lowest), highest);
}

/** Which wanted rule (by index) is which present one. Rules that nobody else places count only in their old order. */
function keptPairs(
  wanted: readonly string[],
  now: readonly string[],
  isPlacedByOwner: (rule: string) => boolean,
): Map<number, number> {
  const pairs = new Map<number, number>();
  wanted.forEach((rule, index) => {
    if (!isPlacedByOwner(rule)) return;
    const taken = new Set(pairs.values());
    const at = now.findIndex((candidate, nowIndex) => candidate === rule && !taken.has(nowIndex));
    if (at >= 0) pairs.set(index, at);
  });
  const others = (rules: readonly string[]): readonly (readonly [number, string])[] =>
    [...rules.entries()].filter(([, rule]) => !isPlacedByOwner(rule));
  for (const [index, at] of longestCommon(others(wanted), others(now))) pairs.set(index, at);
  return withoutSurplus(pairs, now);
}

/** A rule is deleted by its text, which takes the first of its kind: where one of several has to go, all go and come back. */
function withoutSurplus(pairs: ReadonlyMap<number, number>, now: readonly string[]): Map<number, number> {
  const kept = new Set(pairs.values());
  const surplus = new Set(now.filter((_rule, at) => !kept.has(at)));
  return new Map([...pairs].filter(([, at]) => !surplus.has(now[at] ?? '')));
}

/** Pairs of indices of a longest common subsequence. */
function longestCommon(
  a: readonly (readonly [number, string])[],
  b: readonly (readonly [number, string])[],
): readonly (readonly [number, number])[] {
  const best: (readonly (readonly [number, number])[])[][] = Array.from({ length: a.length + 1 }, () =>
    Array.from({ length: b.length + 1 }, () => []),
  );
  const at = (i: number, j: number): readonly (readonly [number, number])[] => best[i]?.[j] ?? [];
  for (const [i, [indexA, ruleA]] of a.entries()) {
    for (const [j, [indexB, ruleB]] of b.entries()) {
      const longer = at(i, j + 1).length >= at(i + 1, j).length ? at(i, j + 1) : at(i + 1, j);
      const row = best[i + 1];
      if (row) row[j + 1] = ruleA === ruleB ? [...at(i, j), [indexA, indexB]] : longer;
    }
  }
  return at(a.length, b.length);
}
