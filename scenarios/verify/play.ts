import { elapsedMs, messageOf, type Reporter } from '../../core/index.ts';
import type { PlayContext, Proof, Scenario } from '../define.ts';
import { grade } from '../grader/grade.ts';
import { readRunState } from '../journal/journal.ts';
import type { RunEnvironment } from '../ports.ts';
import { contextOf } from '../runner/context.ts';
import { noRun } from '../runner/current.ts';
import { answer } from '../runner/learner.ts';
import { currentRunFolder, loadPicture } from '../runner/run-folder.ts';
import { start } from '../runner/start.ts';
import { stop } from '../runner/stop.ts';
import type { GradeResult } from '../types.ts';
import type { Round } from './rounds.ts';
import type { KillCommand, Problem, VerifyRound } from './types.ts';

/** What a round needs. */
export interface Playing {
  readonly env: RunEnvironment;
  readonly scenario: Scenario;
  readonly proof: Proof;
  readonly options: {
    readonly holdMs: number;
    readonly steadyMs: number;
    readonly seed: number;
    readonly variant: string;
  };
  readonly kill: KillCommand | undefined;
  readonly reporter: Reporter;
}

/** Plays one round, a run of its own: what one leaves behind must not help or hurt the next. What goes wrong is in the result, not thrown. */
export async function playRound(playing: Playing, round: Round): Promise<VerifyRound> {
  const { env, reporter } = playing;
  const { clock } = env.session;
  const startNs = clock.monotonicNs();
  reporter.info(`${playing.scenario.id} ${playing.options.variant}: ${round.name}`);
  const problems = [
    ...(await attempt(() => round.play(playing))),
    // Whatever went wrong, the next round gets a clean lab.
    ...(await attempt(() => stopClean(playing))),
  ];
  const tookMs = Math.round(elapsedMs(startNs, clock.monotonicNs()));
  return { name: round.name, kind: round.kind, ok: problems.length === 0, problems, tookMs, resumed: false };
}

async function attempt(work: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await work();
  } catch (error) {
    return [{ kind: 'error', says: messageOf(error) }];
  }
}

/** Breaks the lab as a learner would find it. */
export async function breakLab({ env, scenario, options, reporter }: Playing): Promise<PlayContext<unknown>> {
  await start(env, scenario.id, options, reporter);
  return playContext(env);
}

/** What a play may use of the open run. */
export async function playContext(env: RunEnvironment): Promise<PlayContext<unknown>> {
  const folder = await currentRunFolder(env.session);
  const before = folder === undefined ? undefined : await loadPicture(folder);
  if (folder === undefined || before === undefined) throw noRun();
  const { state } = await readRunState(folder);
  return { ...contextOf(env, state), state, before, readMeter: () => env.network.readMeter() };
}

/** Right answers in every round, so that a cheat cannot fail for the want of one. */
export async function giveAnswers({ env, proof }: Playing, context: PlayContext<unknown>): Promise<void> {
  await answer(env, await proof.answers(context));
}

export function gradeNow({ env, options, reporter }: Playing): Promise<GradeResult> {
  return grade(env, { holdMs: options.holdMs }, reporter);
}

/** Stops the open run, if there is one. */
export async function stopClean({ env, reporter }: Playing): Promise<readonly Problem[]> {
  if ((await currentRunFolder(env.session)) === undefined) return [];
  const { residue } = await stop(env, reporter);
  if (residue.length === 0) return [];
  return [
    { kind: 'residue', says: `${String(residue.length)} differences left after stop: ${JSON.stringify(residue[0])}` },
  ];
}
