import type { Reporter } from '../core/index.ts';
import type { Session } from '../labs/session.ts';
import type {
  DemoResult,
  GradeResult,
  GuideSummary,
  Hint,
  OpenGuide,
  RunView,
  ScenarioSummary,
  StartOptions,
  StopResult,
  VerifyOptions,
  VerifyReport,
} from './types.ts';

export type * from './types.ts';

// Signatures first, so that the command line can be written against them; the bodies replace them one by one.

/** Every challenge, in the order of the catalogue. */
export declare function listScenarios(): Promise<readonly ScenarioSummary[]>;
/** By id (`S01`, any case) or slug; usage error with the nearest names when there is none. */
export declare function findScenario(idOrSlug: string): Promise<ScenarioSummary>;
/** Breaks the lab; returns when the symptom is stable. One run at a time per lab. */
export declare function startRun(
  session: Session,
  idOrSlug: string,
  options?: StartOptions,
  reporter?: Reporter,
): Promise<RunView>;
/** The open run of the lab, also one whose `start` was killed; undefined when there is none. */
export declare function currentRun(session: Session): Promise<RunView | undefined>;
/** Reveals the next hint; exit code 5 without a run; usage error when all are used. */
export declare function nextHint(session: Session): Promise<Hint>;
/** Records answers; usage error for unknown keys and values. Returns all answers so far. */
export declare function giveAnswer(
  session: Session,
  answers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>>;
/** Measures; the run stays open, also when it passed. */
export declare function gradeRun(
  session: Session,
  options?: { readonly holdMs?: number },
  reporter?: Reporter,
): Promise<GradeResult>;
/** The solution's markdown: of a challenge by id or slug, or of the session's run (then journalled as looked at). */
export declare function solutionOf(of: Session | string): Promise<string>;
/** Undoes everything, proves zero residue, closes the run. Works after a killed `start` too. */
export declare function stopRun(session: Session, reporter?: Reporter): Promise<StopResult>;
/** Plays the proof of a challenge: unsolved, reference fix, other fixes, cheats. Failures are in the report, not thrown. */
export declare function verifyScenario(
  session: Session,
  idOrSlug: string,
  options?: VerifyOptions,
  reporter?: Reporter,
): Promise<VerifyReport>;
/** Plays start → reference fix → grade → stop for each challenge. */
export declare function playDemo(
  session: Session,
  idsOrSlugs?: readonly string[],
  reporter?: Reporter,
): Promise<readonly DemoResult[]>;
export declare function listGuides(): Promise<readonly GuideSummary[]>;
/** Opens a guide, at the step where the lab's learner left it; usage error with the nearest names. */
export declare function openGuide(session: Session, slug: string, reporter?: Reporter): Promise<OpenGuide>;
