import type { Json } from '../json.ts';
import type { RunPhase } from '../types.ts';

/** What takes one change back; `action` names an entry of faults/undo/registry.ts. Has to be fine to do twice. */
export interface Undo {
  readonly action: string;
  readonly args: Json;
}

/** What a journal can say; one line each. */
export type JournalEntry =
  | {
      readonly kind: 'opened';
      readonly run: string;
      readonly scenario: string;
      readonly variant: string;
      readonly seed: number;
      readonly parameters: Json;
    }
  | { readonly kind: 'phase'; readonly phase: RunPhase }
  /** Written before the step is done. Its own sequence number is the step's name. */
  | { readonly kind: 'step'; readonly title: string; readonly undo: readonly Undo[] }
  | { readonly kind: 'done'; readonly step: number }
  | { readonly kind: 'undone'; readonly step: number }
  /** What a step found out and a check, a proof or a hint needs to know. */
  | { readonly kind: 'fact'; readonly key: string; readonly value: Json }
  | { readonly kind: 'hint'; readonly number: number }
  | { readonly kind: 'solution-shown' }
  | { readonly kind: 'answers'; readonly answers: Readonly<Record<string, string>> }
  /** The grader begins to look; what happens until `graded` is its doing. */
  | { readonly kind: 'grading' }
  | { readonly kind: 'graded'; readonly passed: boolean; readonly score: number }
  | { readonly kind: 'closed'; readonly residue: number };

/** Where and when an entry stands. */
export interface Stamp {
  readonly seq: number;
  /** Wall clock, ISO 8601. */
  readonly at: string;
  /** CLOCK_MONOTONIC, milliseconds. */
  readonly monotonicMs: number;
}

export type StampedEntry = JournalEntry & Stamp;
