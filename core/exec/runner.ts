/** A program and its arguments. */
export type Command = readonly [file: string, ...args: string[]];

export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** A file whose content is fed to the program, in place of `input`. */
  readonly inputFile?: string;
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** What ends the program when `signal` aborts or time is up; SIGTERM by default. */
  readonly killSignal?: 'SIGTERM' | 'SIGKILL';
  /** Exit codes that are an answer and not a failure; default only 0. */
  readonly okExitCodes?: readonly number[];
  /** Called with each line as it comes. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** `inherit` hands the terminal over (for `shell`); stdout and stderr of the result are then empty. */
  readonly stdio?: 'pipe' | 'inherit';
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * The only way in which kubedrill starts a program: a file and its arguments, never a shell string.
 * Fails with RunError for a program that is missing, times out, is killed, or exits with a code not in `okExitCodes`.
 */
export interface Runner {
  run(file: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs `source | target` without a shell, streaming; the result is the target's. Fails when either fails. */
  pipe(source: Command, target: Command, options?: RunOptions): Promise<RunResult>;
  /** Starts a program that outlives this process: its own session, output appended to `logFile`. Returns its pid. */
  startDetached(file: string, args: readonly string[], options: { readonly logFile: string }): Promise<number>;
}
