import type { FieldReference } from '../event/field-table.ts';
import type { DetectorEvent, FieldValue } from '../event/types.ts';

/** What is known of a field of an event. */
export type FieldState =
  | { readonly kind: 'value'; readonly value: FieldValue }
  /** The event has none, and never will. */
  | { readonly kind: 'missing' }
  /** It may still come: the name of a pod that has just started. */
  | { readonly kind: 'unknown' };

export type StateReader = (event: DetectorEvent, field: FieldReference) => FieldState;

/**
 * The answer of a part of a condition. `missing` is false, and it is so because the event lacks a field; `undecided`
 * may become either, as a field that it hangs on is not known yet.
 */
export type Verdict = 'true' | 'false' | 'missing' | 'undecided';

/** A condition with the answer of each part, as a tree. */
export type Explained = ExplainedChain | ExplainedNegation | ExplainedMacro | ExplainedCheck;

interface Part {
  readonly verdict: Verdict;
  /**
   * The answer of the whole rests on this part. Parts are asked in the order in which they are written: the one that
   * ends a chain decides it alone, and where none does, all decide it.
   */
  readonly isDecisive: boolean;
}

export interface ExplainedChain extends Part {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Explained[];
}

export interface ExplainedNegation extends Part {
  readonly kind: 'not';
  readonly operand: Explained;
}

export interface ExplainedMacro extends Part {
  readonly kind: 'macro';
  readonly name: string;
  readonly body: Explained;
}

/** A comparison, or the question whether a field is there. */
export interface ExplainedCheck extends Part {
  readonly kind: 'check';
  /** As a condition has it, lists expanded. */
  readonly text: string;
  /** What the check looked at, each field once. */
  readonly fields: readonly SeenField[];
}

export interface SeenField {
  /** With its argument: `proc.aname[2]`, `evt.arg.flags`. */
  readonly name: string;
  readonly state: FieldState['kind'];
  /** As texts; several for lists and for fields that look at several things, none unless the state is `value`. */
  readonly values: readonly string[];
}

/** The answer as the engine takes it; undefined while it is undecided. */
export function holds(verdict: Verdict): boolean | undefined {
  return verdict === 'undecided' ? undefined : verdict === 'true';
}
