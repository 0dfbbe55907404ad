import type { Cheat, Play, PlayContext, Proof } from '../define.ts';
import type { GradeResult } from '../types.ts';
import { killedRound } from './killed-round.ts';
import { KILLS } from './kills.ts';
import { tamperedRound } from './tampered-round.ts';
import { TAMPERS } from './tampers.ts';
import { breakLab, giveAnswers, gradeNow, type Playing } from './play.ts';
import type { Problem, RoundKind } from './types.ts';

/** One run of its own: a start, what is tried on the broken lab, and a stop. */
export interface Round {
  readonly name: string;
  readonly kind: RoundKind;
  /** Says what was wrong; empty when all was as it should be. */
  play(playing: Playing): Promise<readonly Problem[]>;
}

/**
 * How much of a proof is played: `whole` is everything that is meant for the variant; `own` is the reference fix, the prediction, and those
 * plays that name the variant, since the others have been played with the default one.
 */
export type Scope = 'whole' | 'own';

/** The rounds of a variant's proof, in the order in which people expect them. */
export function roundsOf(
  proof: Proof,
  variant: string,
  scope: Scope,
  more: 'universal too' | 'own only',
): readonly Round[] {
  const isMeant = ({ variants }: Play<unknown>): boolean => variants?.includes(variant) ?? scope === 'whole';
  return [
    referenceRound(proof.reference),
    ...(proof.prediction ? [predictionRound(proof.prediction.bind(proof))] : []),
    ...proof.fixes.filter(isMeant).map(fixRound),
    ...proof.cheats.filter(isMeant).map(cheatRound),
    ...(more === 'universal too' && scope === 'whole' ? universalRounds(proof.reference) : []),
  ];
}

/** What must hold for every challenge alike. */
function universalRounds(reference: Play<unknown>): readonly Round[] {
  return [...KILLS.map(killedRound), ...TAMPERS.map((tamper) => tamperedRound(reference, tamper))];
}

/** The unsolved lab fails, the reference fix passes, and grading again gives the same: all three on one break. */
function referenceRound(reference: Play<unknown>): Round {
  return {
    name: 'reference',
    kind: 'reference',
    play: async (playing) => {
      const context = await breakLab(playing);
      const unsolved = await gradeNow(playing);
      if (unsolved.passed) return [{ kind: 'false-pass', says: 'the unsolved lab passed' }];
      await giveAnswers(playing, context);
      await reference.run(context);
      const first = await gradeNow(playing);
      const second = await gradeNow(playing);
      return [...mustPass(first), ...mustBeSame(first, second)];
    },
  };
}

function predictionRound(
  prediction: (context: PlayContext<unknown>) => Promise<{ ok: boolean; observed: string }>,
): Round {
  return {
    name: 'prediction',
    kind: 'prediction',
    play: async (playing) => {
      const { ok, observed } = await prediction(await breakLab(playing));
      return ok ? [] : [{ kind: 'prediction', says: observed }];
    },
  };
}

function fixRound(fix: Play<unknown>): Round {
  return {
    name: `fix:${fix.name}`,
    kind: 'fix',
    play: async (playing) => {
      const context = await breakLab(playing);
      await giveAnswers(playing, context);
      await fix.run(context);
      return mustPass(await gradeNow(playing));
    },
  };
}

function cheatRound(cheat: Cheat<unknown>): Round {
  return {
    name: `cheat:${cheat.name}`,
    kind: 'cheat',
    play: async (playing) => {
      const context = await breakLab(playing);
      await giveAnswers(playing, context);
      await cheat.run(context);
      return mustBeSeen(cheat, await gradeNow(playing));
    },
  };
}

function mustPass(result: GradeResult): readonly Problem[] {
  return result.passed ? [] : [{ kind: 'false-fail', says: `it did not pass: ${failuresOf(result)}` }];
}

function mustBeSame(first: GradeResult, second: GradeResult): readonly Problem[] {
  if (first.passed === second.passed && first.score === second.score) return [];
  const scores = `${String(first.score)}, then ${String(second.score)}`;
  return [{ kind: 'unsteady', says: `graded twice: ${scores} (${failuresOf(second)})` }];
}

function mustBeSeen(cheat: Cheat<unknown>, result: GradeResult): readonly Problem[] {
  if (result.passed) return [{ kind: 'false-pass', says: 'the cheat passed' }];
  const saw = result.checks.filter(({ ok }) => !ok).map(({ id }) => id);
  const blind = cheat.seenBy.filter((id) => !saw.includes(id));
  return blind.length === 0 ? [] : [{ kind: 'blind', says: `${blind.join(', ')} did not see the cheat` }];
}

/** Everything that kept a grade from passing, for people. */
export function failuresOf(result: GradeResult): string {
  const checks = result.checks.filter(({ ok }) => !ok).map(({ id, observed }) => `${id}: ${observed}`);
  const alerts = result.alerts
    .filter(
      ({ expected, observed }) => (expected === 'never' && observed > 0) || (expected === 'must' && observed === 0),
    )
    .map(({ rule, expected, observed }) => `alert ${rule} (${expected}) seen ${String(observed)} times`);
  return [...checks, ...alerts, ...result.inconclusiveReasons].join('; ');
}
