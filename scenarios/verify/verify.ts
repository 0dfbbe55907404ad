import { API_VERSION, elapsedMs, messageOf, type Reporter } from '../../core/index.ts';
import type { Play, PlayContext, Proof, Scenario, Cheat } from '../define.ts';
import { findEntry, planRun } from '../find.ts';
import { grade } from '../grader/grade.ts';
import { readRunState } from '../journal/journal.ts';
import type { RunEnvironment } from '../ports.ts';
import { contextOf } from '../runner/context.ts';
import { currentRunFolder, loadPicture } from '../runner/run-folder.ts';
import { noRun } from '../runner/current.ts';
import { answer } from '../runner/learner.ts';
import { start } from '../runner/start.ts';
import { stop } from '../runner/stop.ts';
import type { GradeResult, VerifyOptions, VerifyReport, VerifyRound } from '../types.ts';
import { codeHash, recallRounds, rememberRound } from './remember.ts';

/** Shorter than for learners: a proof asks whether it works, not whether it is endured. */
const HOLD_MS = 3_000;
const STEADY_MS = 2_000;

/** What a round needs. */
interface Playing {
  readonly env: RunEnvironment;
  readonly scenario: Scenario;
  readonly proof: Proof;
  readonly options: Required<Pick<VerifyOptions, 'holdMs' | 'steadyMs'>> & Pick<VerifyOptions, 'seed' | 'variant'>;
  readonly reporter: Reporter;
}

/** One start, what is tried on the broken lab, and one stop. */
interface Round {
  readonly name: string;
  /** Says what was wrong; empty when all was as it should be. */
  play(playing: Playing, context: PlayContext<unknown>): Promise<readonly string[]>;
}

/**
 * Plays the proof of a challenge. Each round is a run of its own: what one leaves behind must not help or hurt the next.
 * Failures are in the report and not thrown.
 */
export async function verify(
  env: RunEnvironment,
  idOrSlug: string,
  options: VerifyOptions,
  reporter: Reporter,
): Promise<VerifyReport> {
  const { clock } = env.session;
  const startNs = clock.monotonicNs();
  const entry = findEntry(env.catalogue, idOrSlug);
  const [scenario, proof] = await Promise.all([entry.scenario(), entry.proof()]);
  const { seed, variant } = planRun(scenario, env.session, options);
  const shortened = { holdMs: options.holdMs ?? HOLD_MS, steadyMs: options.steadyMs ?? STEADY_MS };
  const playing: Playing = { env, scenario, proof, reporter, options: { ...shortened, seed, variant } };
  const key = { scenario: scenario.id, variant, seed, code: await codeHash() };
  const remembered = options.resume === true ? await recallRounds(env.session, key) : new Map<string, VerifyRound>();
  const rounds: VerifyRound[] = [];
  for (const round of roundsOf(proof, variant, options.only)) {
    const earlier = remembered.get(round.name);
    const result = earlier ? { ...earlier, resumed: true } : await playRound(playing, round);
    rounds.push(result);
    if (!earlier) await rememberRound(env.session, key, result);
  }
  return {
    apiVersion: API_VERSION,
    scenario: scenario.id,
    slug: scenario.slug,
    variant,
    seed,
    ok: rounds.every((round) => round.ok),
    rounds,
    tookMs: Math.round(elapsedMs(startNs, clock.monotonicNs())),
  };
}

function roundsOf(proof: Proof, variant: string, only: readonly string[] | undefined): readonly Round[] {
  const meant = (play: Play<unknown>): boolean => play.variants?.includes(variant) ?? true;
  const rounds = [
    referenceRound(proof.reference),
    ...(proof.prediction ? [predictionRound(proof.prediction.bind(proof))] : []),
    ...proof.fixes.filter(meant).map(fixRound),
    ...proof.cheats.filter(meant).map(cheatRound),
  ];
  return rounds.filter((round) => only?.includes(round.name) ?? true);
}

/** The unsolved lab fails, the reference fix passes, and grading again gives the same: all three on one break. */
function referenceRound(reference: Play<unknown>): Round {
  return {
    name: 'reference',
    play: async (playing, context) => {
      const unsolved = await gradeNow(playing);
      if (unsolved.passed) return ['the unsolved lab passed'];
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
    play: async (_playing, context) => {
      const { ok, observed } = await prediction(context);
      return ok ? [] : [observed];
    },
  };
}

function fixRound(fix: Play<unknown>): Round {
  return {
    name: `fix:${fix.name}`,
    play: async (playing, context) => {
      await giveAnswers(playing, context);
      await fix.run(context);
      return mustPass(await gradeNow(playing));
    },
  };
}

function cheatRound(cheat: Cheat<unknown>): Round {
  return {
    name: `cheat:${cheat.name}`,
    play: async (playing, context) => {
      await giveAnswers(playing, context);
      await cheat.run(context);
      return mustBeSeen(cheat, await gradeNow(playing));
    },
  };
}

async function playRound(playing: Playing, round: Round): Promise<VerifyRound> {
  const { env, reporter } = playing;
  const startNs = env.session.clock.monotonicNs();
  reporter.info(`${playing.scenario.id} ${playing.options.variant ?? ''}: ${round.name}`);
  const problems = [
    ...(await attempt(() => brokenAndPlayed(playing, round))),
    ...(await attempt(() => stopClean(playing))),
  ];
  return {
    name: round.name,
    ok: problems.length === 0,
    observed: problems.length === 0 ? 'as it should be' : problems.join('; '),
    tookMs: Math.round(elapsedMs(startNs, env.session.clock.monotonicNs())),
    resumed: false,
  };
}

async function attempt(work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await work();
  } catch (error) {
    return [messageOf(error)];
  }
}

async function brokenAndPlayed(playing: Playing, round: Round): Promise<readonly string[]> {
  const { env, scenario, options, reporter } = playing;
  await start(env, scenario.id, options, reporter);
  return round.play(playing, await playContext(env));
}

/** Right answers in every round, so that a cheat cannot fail for the want of one. */
async function giveAnswers({ env, proof }: Playing, context: PlayContext<unknown>): Promise<void> {
  await answer(env, await proof.answers(context));
}

async function stopClean({ env, reporter }: Playing): Promise<readonly string[]> {
  if ((await currentRunFolder(env.session)) === undefined) return [];
  const { residue } = await stop(env, reporter);
  return residue.length === 0
    ? []
    : [`${String(residue.length)} differences left after stop: ${JSON.stringify(residue[0])}`];
}

/** What a play may use of the open run. */
export async function playContext(env: RunEnvironment): Promise<PlayContext<unknown>> {
  const folder = await currentRunFolder(env.session);
  const before = folder === undefined ? undefined : await loadPicture(folder);
  if (folder === undefined || before === undefined) throw noRun();
  const { state } = await readRunState(folder);
  return { ...contextOf(env, state), state, before, readMeter: () => env.network.readMeter() };
}

function gradeNow({ env, options, reporter }: Playing): Promise<GradeResult> {
  return grade(env, { holdMs: options.holdMs }, reporter);
}

function mustPass(result: GradeResult): readonly string[] {
  return result.passed ? [] : [`it did not pass: ${failuresOf(result)}`];
}

function mustBeSame(first: GradeResult, second: GradeResult): readonly string[] {
  const same = first.passed === second.passed && first.score === second.score;
  return same ? [] : [`graded twice: ${String(first.score)}, then ${String(second.score)} (${failuresOf(second)})`];
}

function mustBeSeen(cheat: Cheat<unknown>, result: GradeResult): readonly string[] {
  if (result.passed) return ['the cheat passed'];
  const saw = result.checks.filter(({ ok }) => !ok).map(({ id }) => id);
  const blind = cheat.seenBy.filter((id) => !saw.includes(id));
  return blind.length === 0 ? [] : [`${blind.join(', ')} did not see the cheat`];
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
