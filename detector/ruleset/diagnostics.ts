import type { Located } from './source-file.ts';
import type { Diagnostic } from './types.ts';

/** What each code means for the person who wrote the rules. */
const IMPACTS = {
  LOAD_ERR_YAML_PARSE: 'The file is not YAML; nothing of it is loaded.',
  LOAD_ERR_YAML_VALIDATE: 'The file is YAML, but this part of it does not have the form of rules; it cannot be loaded.',
  LOAD_ERR_COMPILE_CONDITION: 'The condition cannot be compiled, so the rule would never fire.',
  LOAD_ERR_COMPILE_OUTPUT: 'The output cannot be compiled, so an alert of the rule could not be printed.',
  LOAD_ERR_VALIDATE: 'The rule, macro, list or exception contradicts itself, or something it builds on is missing.',
  LOAD_UNKNOWN_SOURCE: 'Nothing delivers events of this source, so the rule is left out.',
  LOAD_UNSAFE_NA_CHECK: '<NA> is only how a missing value is printed; the comparison does not find missing values.',
  LOAD_NO_EVTTYPE: 'The rule is tried on nearly every event, which costs time: restrict it with evt.type.',
  LOAD_UNKNOWN_FILTER:
    'The rule names a field or event that does not exist; as it says skip-if-unknown-filter, it is left out.',
  LOAD_UNUSED_MACRO: 'Nothing uses the macro.',
  LOAD_UNUSED_LIST: 'Nothing uses the list.',
  LOAD_UNKNOWN_ITEM: 'The item is no rule, macro or list; it is ignored.',
  LOAD_DEPRECATED_ITEM: 'It still works, but will stop to.',
  LOAD_APPEND_NO_VALUES: 'The exception is left as it was.',
  LOAD_EXCEPTION_NAME_NOT_UNIQUE: 'Values that are appended later reach only the first exception of the name.',
  LOAD_INVALID_MACRO_NAME: 'A condition cannot name the macro.',
  LOAD_INVALID_LIST_NAME: 'A condition may not be able to name the list.',
  LOAD_COMPILE_CONDITION: 'The condition works, but may not say what is meant.',
  LOAD_UNKNOWN_KEY: 'The key is ignored; it may be misspelt, or belong to another kind of item.',
  LOAD_NOT_PROVIDED: 'The detector of this lab does not see this yet, so the rule is switched off.',
  LOAD_PARTLY_PROVIDED: 'The detector of this lab does not see these events yet, so the rule misses them.',
} as const;

export type DiagnosticCode = keyof typeof IMPACTS;

/** Collects what is wrong with the rules; each thing once. */
export interface Diagnostics {
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  error(code: DiagnosticCode, message: string, at: Located): void;
  warning(code: DiagnosticCode, message: string, at: Located): void;
  /** Notes that an item does not have the form that Falco's schema of rules files asks for; it may work all the same. */
  schemaProblem(): void;
  readonly hasSchemaProblem: boolean;
}

/** An empty collection. */
export function createDiagnostics(): Diagnostics {
  const errors: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const add = (into: Diagnostic[], diagnostic: Diagnostic) => {
    if (!into.some((known) => isSame(known, diagnostic))) into.push(diagnostic);
  };
  let hasSchemaProblem = false;
  return {
    errors,
    warnings,
    get hasSchemaProblem() {
      return hasSchemaProblem;
    },
    schemaProblem: () => {
      hasSchemaProblem = true;
    },
    error: (code, message, at) => {
      add(errors, { severity: 'error', ...diagnose(code, message, at) });
    },
    warning: (code, message, at) => {
      add(warnings, { severity: 'warning', ...diagnose(code, message, at) });
    },
  };
}

/** Ends the reading or compiling of one item; the others go on. */
export class LoadProblem extends Error {
  readonly code: DiagnosticCode;
  readonly at: Located;

  constructor(code: DiagnosticCode, message: string, at: Located) {
    super(message);
    this.code = code;
    this.at = at;
  }
}

/** Ends the compiling of an item that builds on one whose problem is reported already. */
export class AlreadyReported extends Error {}

/** Runs a step; a LoadProblem in it becomes an error, and the result undefined. */
export function guarded<T>(diagnostics: Diagnostics, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof AlreadyReported) return undefined;
    if (!(error instanceof LoadProblem)) throw error;
    diagnostics.error(error.code, error.message, error.at);
    return undefined;
  }
}

function diagnose(code: DiagnosticCode, message: string, { file, offset }: Located): Omit<Diagnostic, 'severity'> {
  return { code, message, impact: IMPACTS[code], ...file.placeOf(offset), snippet: file.snippetOf(offset) };
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return (
    a.code === b.code && a.message === b.message && a.file === b.file && a.line === b.line && a.column === b.column
  );
}
