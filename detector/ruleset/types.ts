import type { Priority } from '../alert/types.ts';

/** A place in a rules file, both from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One problem found while loading rules. */
export interface Diagnostic extends Place {
  readonly severity: 'error' | 'warning';
  /** Stable name, e.g. `LOAD_ERR_COMPILE_CONDITION`. */
  readonly code: string;
  /** What is wrong, naming the thing. */
  readonly message: string;
  /** What it means for the user. */
  readonly impact: string;
  /** The offending line, and a second line with a caret below the column. */
  readonly snippet: string;
}

/** A rule that is ready to run. */
export interface CompiledRule {
  readonly name: string;
  readonly source: string;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly description: string;
  readonly enabled: boolean;
}

/** All rules of a load, in the order of the files. */
export interface Ruleset {
  readonly rules: readonly CompiledRule[];
}

/** The text of one rules file. */
export interface RulesFile {
  readonly name: string;
  readonly content: string;
}

export interface LoadResult {
  /** Present when there is no error. */
  readonly ruleset?: Ruleset;
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}
