import type { Reporter } from '../core/index.ts';
import type { Session } from '../labs/index.ts';
import type { RunEnvironment } from './ports.ts';
import type {
  Debrief,
  DemoResult,
  GradeResult,
  Hint,
  OpenGuide,
  ResetResult,
  RunView,
  StartOptions,
  StopResult,
} from './types.ts';
import type { VerifyOptions, VerifyReport } from './verify/types.ts';

export type * from './types.ts';
export type * from './verify/types.ts';
export { documentOf, mergeDocuments, verifiedOn, type VerifyDocument } from './verify/document.ts';
export { findScenario, listScenarios } from './find.ts';
export { listGuides } from './guides/list.ts';

// Everything below takes the lab's lock by itself, for as long as it works: callers must not hold it.

/**
 * Breaks the lab; resolves when the symptom is stable. One run at a time per lab. What fails on the way is taken back; a start that
 * was cancelled (exit code 130) leaves a run that `stopRun` takes back.
 */
export async function startRun(
  session: Session,
  idOrSlug: string,
  options: StartOptions = {},
  reporter: Reporter = session.reporter,
): Promise<RunView> {
  const { start } = await import('./runner/start.ts');
  return start(await environment(session), idOrSlug, options, reporter);
}

/** The open run of the lab, also one whose `start` was killed; undefined when there is none. */
export async function currentRun(session: Session): Promise<RunView | undefined> {
  const runner = await import('./runner/current.ts');
  return runner.currentRun(await environment(session));
}

/** Reveals the next hint; exit code 5 without a run; usage error when all are used. */
export async function nextHint(session: Session): Promise<Hint> {
  const { hint } = await import('./runner/learner.ts');
  return hint(await environment(session));
}

/** Records answers; usage error for unknown keys and values. Returns all answers so far. */
export async function giveAnswer(
  session: Session,
  answers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const { answer } = await import('./runner/learner.ts');
  return answer(await environment(session), answers);
}

/** Measures; the run stays open, also when it passed. Fails when the API server does not answer. */
export async function gradeRun(
  session: Session,
  options: { readonly holdMs?: number } = {},
  reporter: Reporter = session.reporter,
): Promise<GradeResult> {
  const { grade } = await import('./grader/grade.ts');
  return grade(await environment(session), options, reporter);
}

/** The solution's markdown: of a challenge by id or slug, or of the session's run (then journalled as looked at). */
export async function solutionOf(of: Session | string): Promise<string> {
  const { solutionOfRun, solutionOfScenario } = await import('./runner/learner.ts');
  return typeof of === 'string' ? solutionOfScenario(of) : solutionOfRun(await environment(of));
}

/** What was measured in the open run so far, in the order of time. Exit code 5 without a run. */
export async function debriefOf(session: Session): Promise<Debrief> {
  const { debrief } = await import('./debrief/debrief.ts');
  return debrief(await environment(session));
}

/** Undoes everything, proves zero residue, closes the run. Works after a killed `start` too. Exit code 5 without a run. */
export async function stopRun(session: Session, reporter: Reporter = session.reporter): Promise<StopResult> {
  const { stop } = await import('./runner/stop.ts');
  return stop(await environment(session), reporter);
}

/** Brings the lab back to what it was when it had come up, ends an open run for it, and says what still differs. */
export async function resetLab(session: Session, reporter: Reporter = session.reporter): Promise<ResetResult> {
  const { reset } = await import('./runner/reset.ts');
  return reset(await environment(session), reporter);
}

/**
 * Plays the proofs of challenges: unsolved, reference fix, other fixes, cheats; one report for each variant. Failures are in the reports, not
 * thrown. What passes is kept in the state folder, so that `resume` can take it over.
 */
export async function verifyScenarios(
  session: Session,
  idsOrSlugs: readonly string[],
  options: VerifyOptions = {},
  reporter: Reporter = session.reporter,
): Promise<readonly VerifyReport[]> {
  const { verify } = await import('./verify/verify.ts');
  return verify(await environment(session), idsOrSlugs, options, reporter);
}

/** Plays start → reference fix → grade → stop for each challenge, all of them when none are named; each result as it comes. */
export async function* playDemo(
  session: Session,
  idsOrSlugs?: readonly string[],
  reporter: Reporter = session.reporter,
): AsyncGenerator<DemoResult> {
  const { demo } = await import('./verify/demo.ts');
  yield* demo(await environment(session), idsOrSlugs, reporter);
}

/** Opens a guide, at the step where the lab's learner left it; usage error with the nearest names. `stopRun` takes it back too. */
export async function openGuide(
  session: Session,
  slug: string,
  reporter: Reporter = session.reporter,
): Promise<OpenGuide> {
  const { openGuideIn } = await import('./guides/open.ts');
  return openGuideIn(await environment(session), slug, reporter);
}

/** Loaded when a lab is worked on: `--help` and `list` need none of it. */
async function environment(session: Session): Promise<RunEnvironment> {
  const { environmentOf } = await import('./environment.ts');
  return environmentOf(session);
}
