import type { CheckResult } from '../core/index.ts';
import type { Residue } from '../labs/index.ts';
import type { Outage, RequirementName, RequirementVerdict } from '../network/index.ts';

/** What `kubedrill list` shows of a challenge: nothing that gives its cause away. */
export interface ScenarioSummary {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly domain: Domain;
  readonly competencies: readonly string[];
  readonly difficulty: 1 | 2 | 3 | 4 | 5;
  readonly minutes: number;
  readonly layer: Layer;
  readonly topologies: readonly string[];
  readonly variants: readonly VariantSummary[];
}

/** Domains of the CKA curriculum: storage, workloads, services, cluster architecture, troubleshooting. */
export type Domain = 'ST' | 'WS' | 'SN' | 'CA' | 'TS';
export type Layer = 'API' | 'node' | 'data plane' | 'control plane' | 'runtime security';

export interface VariantSummary {
  readonly id: string;
  readonly title: string;
  /** Why a lab of this kind cannot play it; absent for variants that seeds may pick. */
  readonly unavailable?: string;
}

/** One question of a prediction card or a report. */
export interface AnswerKey {
  readonly key: string;
  readonly says: string;
  /** Absent where any text is allowed. */
  readonly allowed?: readonly string[];
}

export interface StartOptions {
  /** Non-negative integer; picks variant and parameters. The same seed gives the same run. Default 1. */
  readonly seed?: number;
  /** Takes this variant instead of the one that the seed would pick. */
  readonly variant?: string;
  /** How long the steady state has to hold before anything is broken; default 10,000. */
  readonly steadyMs?: number;
}

export type RunPhase = 'opened' | 'setup' | 'steady' | 'break' | 'learner' | 'stopping' | 'closed';

/** The run that a lab is in. */
export interface RunView {
  readonly id: string;
  readonly scenario: string;
  readonly slug: string;
  readonly title: string;
  readonly seed: number;
  readonly variant: string;
  readonly phase: RunPhase;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
  /** When the fault was in effect and the learner's time began; absent before. */
  readonly brokenAt?: string;
  readonly minutes: number;
  /** Markdown: Situation, Task, Constraints. */
  readonly task: string;
  readonly questions: readonly AnswerKey[];
  readonly answers: Readonly<Record<string, string>>;
  readonly hintsUsed: number;
  readonly hintsLeft: number;
  /** What the journal had to repair while it was read (a line that was cut off), for people. */
  readonly notes: readonly string[];
}

export interface GradedCheck extends CheckResult {
  readonly points: number;
  readonly max: number;
}

export type Actor = 'injector' | 'learner' | 'system';

/** An alert that was expected, or one that was not and was seen. */
export interface GradedAlert {
  readonly rule: string;
  readonly expected: 'must' | 'may' | 'never';
  /** 0 where there is no deadline. */
  readonly deadlineMs: number;
  readonly actor: Actor;
  /** How often it fired during the run. */
  readonly observed: number;
  /** From the act (or the start of the break) to the first alert; null when none fired. */
  readonly firstLatencyMs: number | null;
}

/** The result of `grade`; a stable machine interface (design §4). */
export interface GradeResult {
  readonly apiVersion: string;
  readonly scenario: string;
  readonly slug: string;
  readonly variant: string;
  readonly seed: number;
  readonly run: string;
  readonly passed: boolean;
  readonly score: number;
  readonly max: number;
  /** The detector or a prober lost what it should have seen: neither passed nor failed. */
  readonly inconclusive: boolean;
  readonly inconclusiveReasons: readonly string[];
  readonly checks: readonly GradedCheck[];
  readonly requirements: Readonly<Partial<Record<RequirementName, GradedRequirement>>>;
  readonly outages: readonly GradedOutage[];
  readonly alerts: readonly GradedAlert[];
  readonly answers: Readonly<Record<string, string>>;
  readonly detectorDrops: number;
  readonly hintsUsed: number;
}

export type GradedRequirement = RequirementVerdict;
export type GradedOutage = Omit<Outage, 'error'> & { readonly error: string };

/** What `reset` brought back. */
export interface ResetResult {
  readonly apiVersion: string;
  readonly lab: string;
  /** The challenge that was running and was ended for it. */
  readonly stopped?: string;
  /** What still differs from the fresh lab; only a new one is without it. */
  readonly residue: readonly Residue[];
  /** What is as it was and yet does not work; empty when all works. */
  readonly unready: string;
  readonly tookMs: number;
  /** What could not be taken back of the challenge, and other things to know. */
  readonly notes: readonly string[];
}

export interface StopResult {
  readonly apiVersion: string;
  readonly scenario: string;
  readonly run: string;
  /** What differs from the lab before the run; empty when `stop` did its work. */
  readonly residue: readonly Residue[];
  readonly tookMs: number;
  readonly notes: readonly string[];
}

export interface DemoResult {
  readonly scenario: string;
  readonly slug: string;
  readonly grade: GradeResult;
  readonly stop: StopResult;
}

/** A line of a component's log: wall clock, milliseconds since 1970. */
export interface LoggedLine {
  readonly atMs: number;
  readonly says: string;
}

/** What a component can tell of a run: its settings as sentences, and lines of its log. */
export interface Evidence {
  readonly facts: readonly string[];
  readonly logged: readonly LoggedLine[];
}

export interface TimelineEntry {
  /** Since the break began, milliseconds. */
  readonly afterMs: number;
  /** Who knows it: the journal of the run, the meter, the detector, or a component's log. */
  readonly kind: 'run' | 'outage' | 'alert' | 'log';
  readonly says: string;
}

/** What was measured in a run, for looking back. */
export interface Debrief {
  readonly timeline: readonly TimelineEntry[];
  readonly facts: readonly string[];
  /** Sources that did not answer, and why. */
  readonly gaps: readonly string[];
}

export interface Hint {
  readonly number: number;
  readonly of: number;
  readonly text: string;
}

export interface GuideSummary {
  readonly slug: string;
  readonly title: string;
  readonly minutes: number;
  readonly steps: number;
}

export interface GuideStepView {
  readonly number: number;
  readonly of: number;
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  /** What `act()` would do, as a sentence; absent where the step only looks. */
  readonly action?: string;
}

/** A guide being followed: its place is kept in the lab's state folder. */
export interface OpenGuide {
  readonly slug: string;
  readonly title: string;
  /** The step to do next; undefined when the guide is finished. */
  current(): Promise<GuideStepView | undefined>;
  /** Does the step's action (journalled, undone by `close`). */
  act(): Promise<void>;
  /** Whether the step is done; moves on to the next one when it is. */
  verify(): Promise<CheckResult>;
  /** Undoes what the guide did and forgets its place. */
  close(): Promise<StopResult>;
}
