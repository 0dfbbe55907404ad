import { createHash } from 'node:crypto';
import type { RoundKind, Shard } from './types.ts';

/**
 * What a round of each kind takes on a small machine, in milliseconds: declared, not measured, so that every shard computes the same parts.
 */
const EXPECTED_MS: Readonly<Record<RoundKind, number>> = {
  reference: 50_000,
  prediction: 60_000,
  fix: 45_000,
  cheat: 40_000,
  killed: 35_000,
};

/** What the plan has to know of a round. */
export interface PlannedRound {
  readonly scenario: string;
  readonly variant: string;
  readonly round: { readonly name: string; readonly kind: RoundKind };
  /** Of the variant that the default seed picks. */
  readonly isDefault: boolean;
  /** A change of which this run is the proof touches it. */
  readonly isTouched: boolean;
}

export function expectedMs({ kind }: { readonly kind: RoundKind }): number {
  return EXPECTED_MS[kind];
}

/**
 * The parts of proofs that shard `index` plays: the longest first, each to the shard that has least. Every proof is in exactly one shard,
 * and every shard comes to the same result.
 */
export function inShard<T>(proofs: readonly T[], lengthMs: (proof: T) => number, shard: Shard): readonly T[] {
  const loads = Array.from({ length: shard.of }, () => ({ ms: 0, proofs: new Set<T>() }));
  for (const proof of proofs.toSorted((a, b) => lengthMs(b) - lengthMs(a))) {
    const least = loads.reduce((best, load) => (load.ms < best.ms ? load : best));
    least.ms += lengthMs(proof);
    least.proofs.add(proof);
  }
  return proofs.filter((proof) => loads[shard.index - 1]?.proofs.has(proof));
}

/**
 * The order in which a run that may have to leave something out plays its rounds: the reference round of every challenge's default variant, those
 * that a change touches first; each place to be killed in, with a challenge that the rotation picks; the other rounds that a change touches; the rest.
 * Among equals the rotation (any text) decides, so that over many runs everything has its turn.
 */
export function byImportance<T extends PlannedRound>(rounds: readonly T[], rotation: string): readonly T[] {
  const turn = new Map(rounds.map((round) => [round, turnOf(round, rotation)]));
  const turnOfRound = (round: T): string => turn.get(round) ?? '';
  const kills = firstOfEachKill(rounds.toSorted((a, b) => turnOfRound(a).localeCompare(turnOfRound(b))));
  return rounds.toSorted((a, b) => rankOf(a, kills) - rankOf(b, kills) || turnOfRound(a).localeCompare(turnOfRound(b)));
}

function firstOfEachKill<T extends PlannedRound>(rounds: readonly T[]): ReadonlySet<PlannedRound> {
  const kills = new Map<string, T>();
  for (const one of rounds) {
    if (one.round.kind === 'killed' && !kills.has(one.round.name)) kills.set(one.round.name, one);
  }
  return new Set(kills.values());
}

function rankOf(planned: PlannedRound, kills: ReadonlySet<PlannedRound>): number {
  if (planned.isDefault && planned.round.kind === 'reference') return planned.isTouched ? 0 : 1;
  if (kills.has(planned)) return 2;
  return planned.isTouched ? 3 : 4;
}

function turnOf({ scenario, variant, round }: PlannedRound, rotation: string): string {
  return createHash('sha256').update([rotation, scenario, variant, round.name].join(' ')).digest('hex');
}
