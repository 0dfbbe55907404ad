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
  tampered: 60_000,
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
 * that a change touches first; then what else a change touches of the challenges' own rounds; then the rest. Among equals the rotation (any
 * text) decides, so that over many runs everything has its turn.
 */
export function byImportance<T extends PlannedRound>(rounds: readonly T[], rotation: string): readonly T[] {
  const turns = new Map(rounds.map((round) => [round, turnOf(round, rotation)]));
  const turn = (round: T): string => turns.get(round) ?? '';
  return rounds.toSorted((a, b) => rankOf(a) - rankOf(b) || turn(a).localeCompare(turn(b)));
}

function rankOf({ round, isDefault, isTouched }: PlannedRound): number {
  if (isDefault && round.kind === 'reference') return isTouched ? 0 : 1;
  return isTouched && !UNIVERSAL.includes(round.kind) ? 2 : 3;
}

/** Kinds of rounds that are the same for every challenge. */
const UNIVERSAL: readonly RoundKind[] = ['killed', 'tampered'];

function turnOf({ scenario, variant, round }: PlannedRound, rotation: string): string {
  return createHash('sha256').update([rotation, scenario, variant, round.name].join(' ')).digest('hex');
}
