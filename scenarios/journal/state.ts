import type { Json } from '../json.ts';
import type { Actor, RunPhase } from '../types.ts';
import type { StampedEntry, Undo } from './entry.ts';

/** What a journal amounts to. */
export interface RunState {
  readonly run: string;
  readonly scenario: string;
  readonly variant: string;
  readonly seed: number;
  readonly parameters: Json;
  readonly phase: RunPhase;
  readonly steps: readonly StepState[];
  readonly facts: Readonly<Record<string, Json>>;
  readonly answers: Readonly<Record<string, string>>;
  readonly hintsUsed: number;
  readonly gradings: number;
  /** Wall clock, ISO 8601; empty when the journal's first line was lost. */
  readonly startedAt: string;
  /** When the break began and when its symptom was stable; absent before. */
  readonly breakAt?: Moment;
  readonly brokenAt?: Moment;
  readonly windows: readonly ActorWindow[];
}

export interface StepState {
  readonly seq: number;
  readonly title: string;
  readonly undo: readonly Undo[];
  readonly undone: boolean;
}

export interface Moment {
  readonly at: string;
  readonly monotonicMs: number;
}

/** A stretch of time in which acts are not the learner's. */
export interface ActorWindow {
  readonly actor: Exclude<Actor, 'learner'>;
  readonly fromMs: number;
  /** Wall clock, milliseconds since 1970; Infinity while it lasts. */
  readonly toMs: number;
}

interface Building {
  state: RunState;
  readonly undone: Set<number>;
}

/** Folds a journal into what it amounts to. Never fails: what is missing reads as nothing. */
export function foldJournal(entries: readonly StampedEntry[]): RunState {
  const building: Building = { state: EMPTY, undone: new Set() };
  for (const entry of entries) building.state = { ...building.state, ...change(building, entry) };
  const { state, undone } = building;
  return { ...state, steps: state.steps.map((step) => ({ ...step, undone: undone.has(step.seq) })) };
}

/** Steps that were begun and not taken back, the last one first. */
export function openSteps(state: RunState): readonly StepState[] {
  return state.steps.filter((step) => !step.undone).reverse();
}

const EMPTY: RunState = {
  run: '',
  scenario: '',
  variant: '',
  seed: 0,
  parameters: null,
  phase: 'opened',
  steps: [],
  facts: {},
  answers: {},
  hintsUsed: 0,
  gradings: 0,
  startedAt: '',
  windows: [],
};

function change({ state, undone }: Building, entry: StampedEntry): Partial<RunState> {
  switch (entry.kind) {
    case 'opened':
      return {
        run: entry.run,
        scenario: entry.scenario,
        variant: entry.variant,
        seed: entry.seed,
        parameters: entry.parameters,
        startedAt: entry.at,
      };
    case 'phase':
      return changePhase(state, entry.phase, entry);
    case 'step':
      return { steps: [...state.steps, { seq: entry.seq, title: entry.title, undo: entry.undo, undone: false }] };
    case 'undone':
      undone.add(entry.step);
      return {};
    case 'fact':
      return { facts: { ...state.facts, [entry.key]: entry.value } };
    case 'hint':
      return { hintsUsed: Math.max(state.hintsUsed, entry.number) };
    case 'answers':
      return { answers: { ...state.answers, ...entry.answers } };
    case 'grading':
      return { windows: [...closeWindow(state.windows, entry), openWindow('system', entry)] };
    case 'graded':
      return { gradings: state.gradings + 1, windows: closeWindow(state.windows, entry) };
    case 'closed':
      return { phase: 'closed', windows: closeWindow(state.windows, entry) };
    case 'done':
    case 'solution-shown':
      return {};
  }
}

/** Everything but the learner's phase is the injector's doing. */
function changePhase(state: RunState, phase: RunPhase, entry: StampedEntry): Partial<RunState> {
  const moment = { at: entry.at, monotonicMs: entry.monotonicMs };
  const before = closeWindow(state.windows, entry);
  return {
    phase,
    windows: phase === 'learner' ? before : [...before, openWindow('injector', entry)],
    ...(phase === 'break' ? { breakAt: moment } : {}),
    ...(phase === 'learner' ? { brokenAt: moment } : {}),
  };
}

function openWindow(actor: ActorWindow['actor'], entry: StampedEntry): ActorWindow {
  return { actor, fromMs: Date.parse(entry.at), toMs: Infinity };
}

function closeWindow(windows: readonly ActorWindow[], entry: StampedEntry): readonly ActorWindow[] {
  return windows.map((window) => (window.toMs === Infinity ? { ...window, toMs: Date.parse(entry.at) } : window));
}
