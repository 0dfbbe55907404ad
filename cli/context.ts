import type { ChalkInstance } from 'chalk';
import type { Clock, Paths, Reporter, Runner } from '../core/index.ts';
import type { LabDeps, Session } from '../labs/index.ts';
import type { Io } from './io.ts';

export interface GlobalOptions {
  /** Name of the lab that the command is about. */
  readonly lab: string;
  readonly format: 'text' | 'json';
  /** Never ask: take yes. */
  readonly assumeYes: 'yes' | 'ask';
  readonly verbosity: 'normal' | 'verbose';
}

/** What a command gets: the terminal, the machine, and the lab when it asks for one. */
export interface CliContext {
  readonly io: Io;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly globals: GlobalOptions;
  readonly style: ChalkInstance;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly paths: Paths;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly deps: LabDeps;
  /** Opens the lab; exit code 5 when there is none. */
  session(): Promise<Session>;
}

/** Prints a result: the JSON document with `--json`, the text otherwise. */
export function printResult(context: CliContext, document: unknown, text: () => string): void {
  context.io.out(context.globals.format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : text());
}
