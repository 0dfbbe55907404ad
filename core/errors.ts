/** Exit codes of the command line, and so the kinds of failure that a caller may have to tell apart. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  notPassed: 3,
  toolMissing: 4,
  noLab: 5,
  cancelled: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface ErrorParts {
  /** What failed, as one line without a full stop. */
  readonly what: string;
  /** Why, in the words of the tool that failed. */
  readonly why: string;
  /** What the reader can do next; a command where there is one. */
  readonly hint: string;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/** The one error that is meant for people: it prints as three lines (what failed, why, what to try). */
export class KubedrillError extends Error {
  override readonly name = 'KubedrillError';
  readonly what: string;
  readonly why: string;
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(parts: ErrorParts) {
    super(`${parts.what}: ${parts.why}`, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.what = parts.what;
    this.why = parts.why;
    this.hint = parts.hint;
    this.exitCode = parts.exitCode ?? ExitCode.failed;
  }
}

/** Wrong input: exit code 2. */
export function usageError(parts: Omit<ErrorParts, 'exitCode'>): KubedrillError {
  return new KubedrillError({ ...parts, exitCode: ExitCode.usage });
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
