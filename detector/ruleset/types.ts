import type { OutputFormat } from '../alert/format.ts';
import type { Priority } from '../alert/types.ts';
import type { FieldReference } from '../event/field-table.ts';
import type { EventSource } from '../event/types.ts';
import type { Expression } from '../filter/ast.ts';

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
  readonly source: EventSource;
  readonly priority: Priority;
  /** Sorted, each once. */
  readonly tags: readonly string[];
  readonly description: string;
  readonly enabled: boolean;
  /** The condition with its macros; conditionText is the same as text. */
  readonly condition: Expression;
  readonly conditionText: string;
  /** The condition as written, with what was appended to it. */
  readonly conditionSource: string;
  /** Types of the events that the condition can be true for; undefined for all. */
  readonly eventTypes: ReadonlySet<string> | undefined;
  /** Every field that the condition looks at. */
  readonly fields: readonly FieldReference[];
  readonly output: OutputFormat;
  readonly outputText: string;
  /** Further values of the alert, by name. */
  readonly extraFields: ReadonlyMap<string, OutputFormat>;
  readonly capture: boolean;
  readonly captureDurationMs: number;
  readonly place: Place;
}

/** All rules of a load, in the order of the files. */
export interface Ruleset {
  readonly rules: readonly CompiledRule[];
  /** Macros as compiled, by name. */
  readonly macros: ReadonlyMap<string, Expression>;
  /** Lists as written, by name. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly requiredEngineVersion: string;
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
  /** Whether the files have the form that Falco's schema asks for; what has not may still load. */
  readonly schemaValidation: 'ok' | 'failed';
}
