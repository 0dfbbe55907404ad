import type { CheckResult } from '../core/index.ts';
import type { LabSnapshot, Session, TopologyName } from '../labs/index.ts';
import type { MatrixReport, MeterPath, MeterReading } from '../network/index.ts';
import { diceFor, type Dice } from './dice.ts';
import type { RunStep } from './faults/step.ts';
import type { Json } from './json.ts';
import type { RunState } from './journal/state.ts';
import type { AlertSubject, DetectorReading, RunEnvironment } from './ports.ts';
import type { AnswerKey, Domain, Evidence, Layer, VariantSummary } from './types.ts';

/** The nodes of a lab as parameters may depend on them. */
export interface LabShape {
  readonly controlPlanes: readonly string[];
  readonly workers: readonly string[];
}

/** What a seed and a variant amount to in a lab of this shape. */
export interface RunPlan<P> {
  readonly variant: string;
  readonly seed: number;
  readonly parameters: P;
}

/** What steps and steady states may use. */
export interface RunContext<P> extends RunPlan<P> {
  readonly env: RunEnvironment;
  /** Name of the run, unique in the lab. */
  readonly run: string;
  /** What earlier steps recorded. */
  readonly fact: (key: string) => Json | undefined;
}

/** What steps may do besides: keep what they found out, in the journal. */
export interface StepContext<P> extends RunContext<P> {
  readonly record: (key: string, value: Json) => Promise<void>;
  /** Shows what the step waits for right now. */
  readonly detail: (text: string) => void;
}

/** What checks look at. Measurements are taken once per round and shared by the round's checks. */
export interface CheckContext<P> extends RunContext<P> {
  readonly answers: Readonly<Record<string, string>>;
  readonly state: RunState;
  /** The picture that was taken before the run. */
  before(): Promise<LabSnapshot>;
  /** The picture as it is now. */
  now(): Promise<LabSnapshot>;
  matrix(): Promise<MatrixReport>;
  meter(): Promise<readonly MeterReading[]>;
  detector(): Promise<DetectorReading>;
}

/** What a check found; `observed` also when it is ok. */
export type Finding = Pick<CheckResult, 'ok' | 'observed'>;

export interface Check<P> {
  /** Stable within the scenario, e.g. `P1`. */
  readonly id: string;
  /** What is checked, as a sentence. */
  readonly says: string;
  readonly points: number;
  /**
   * Observing checks change nothing, are asked twice, and have to hold in between. Acting ones come last, and only when all
   * observing ones hold: what they do could itself repair the lab.
   */
  readonly kind: 'observing' | 'acting';
  /** `counts`: gives points, but the challenge can be passed without it. Default `required`. */
  readonly weight?: 'required' | 'counts';
  /** Meter paths that may not fail while the grade holds its breath. */
  paths?(context: RunContext<P>): readonly string[];
  run(context: CheckContext<P>): Promise<Finding>;
}

export interface ExpectedAlert {
  readonly rule: string;
  readonly expected: 'must' | 'may' | 'never';
  /** For `must`: from the act to the alert. */
  readonly deadlineMs?: number;
  /** The node whose detector must have raised it; any when absent. */
  readonly node?: string;
  /** Who and where it must be about; of `never`, only alerts about this count. */
  readonly about?: AlertSubject;
  /** For `never`: whose alerts count. Default the learner's. */
  readonly actor?: 'anybody' | 'learner';
}

export interface Scenario<P = unknown> {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly domain: Domain;
  readonly competencies: readonly string[];
  readonly difficulty: 1 | 2 | 3 | 4 | 5;
  readonly minutes: number;
  readonly layer: Layer;
  readonly topologies: readonly TopologyName[];
  readonly needsIngress: boolean;
  /** The seed of those who name none. */
  readonly defaultSeed: number;
  readonly variants: readonly VariantSummary[];
  readonly questions: readonly AnswerKey[];
  /** Rising: from where to look to what to do. */
  readonly hints: readonly string[];
  parameters(variant: string, lab: LabShape, dice: (purpose: string) => Dice): P;
  /** What the lab must be like; a condition that does not hold refuses the run, before anything is touched. */
  requires(context: RunContext<P>): Promise<readonly CheckResult[]>;
  setup(context: RunContext<P>): readonly RunStep[];
  /** Paths that the meter watches from the setup on, beside the standard ones that have these names. */
  measured(context: RunContext<P>, standard: readonly MeterPath[]): readonly MeterPath[];
  /** Meter paths that have to be good for a while before anything is broken. */
  steady(context: RunContext<P>, measured: readonly MeterPath[]): readonly string[];
  breaks(context: RunContext<P>): readonly RunStep[];
  /** Meter paths that fail once the break is in effect; none where it shows nowhere at once. */
  symptom(context: RunContext<P>): readonly string[];
  alerts(context: RunContext<P>): readonly ExpectedAlert[];
  /** API users whose acts are the injector's whenever they come, e.g. those of a session that it holds. */
  intruders?(context: RunContext<P>): readonly string[];
  /** What the components concerned say of the time since `sinceMs` (wall clock, milliseconds since 1970); for the debrief. */
  evidence?(context: RunContext<P>, sinceMs: number): Promise<Evidence>;
  readonly checks: readonly Check<P>[];
}

/** One way to play a broken lab: a fix that must pass or a cheat that must fail. */
export interface Play<P> {
  readonly name: string;
  /** What is done and, for a cheat, what sees it. */
  readonly says: string;
  /** Variants that it is meant for; all when absent. */
  readonly variants?: readonly string[];
  run(context: PlayContext<P>): Promise<void>;
}

export interface Cheat<P> extends Play<P> {
  /** Ids of the checks that see through it: at least these must fail. */
  readonly seenBy: readonly string[];
}

export interface PlayContext<P> extends RunContext<P> {
  readonly before: LabSnapshot;
  readonly state: RunState;
  readonly readMeter: () => Promise<readonly MeterReading[]>;
}

/** Shown to nobody who practises: how a challenge is solved, and how one could try to get by. */
export interface Proof<P = unknown> {
  readonly reference: Play<P>;
  readonly fixes: readonly Play<P>[];
  readonly cheats: readonly Cheat<P>[];
  /** The right answers, given in every round. */
  answers(context: PlayContext<P>): Promise<Readonly<Record<string, string>>>;
  /** Waits for what the catalogue says will happen without anybody's help, and says whether it did. */
  prediction?(context: PlayContext<P>): Promise<Finding>;
}

/** Declares a challenge; the contract test looks whether it keeps the rules. */
export function defineScenario<P extends object>(scenario: Scenario<P>): Scenario<P> {
  return scenario;
}

export function defineProof<P extends object>(proof: Proof<P>): Proof<P> {
  return proof;
}

/** Dice for one purpose of one run of a scenario. */
export function diceOf(scenario: Pick<Scenario, 'id'>, seed: number): (purpose: string) => Dice {
  return (purpose) => diceFor(`${scenario.id}/${String(seed)}/${purpose}`);
}

/** Nodes of an open lab by their role. */
export function shapeOf(session: Pick<Session, 'nodes'>): LabShape {
  const named = (role: string): readonly string[] =>
    session.nodes.filter((node) => node.role === role).map((node) => node.name);
  return { controlPlanes: named('control-plane'), workers: named('worker') };
}
