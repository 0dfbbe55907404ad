import type { ZodType } from 'zod';
import type { ExitCode } from '../core/index.ts';
import type { CliContext } from './context.ts';

export interface ArgumentSpec {
  /** As commander writes it: `<id>` required, `[node]` optional, `<files...>` many. */
  readonly syntax: string;
  readonly says: string;
}

export interface OptionSpec {
  /** As commander writes it, e.g. `--seed <n>` or `--fix`. */
  readonly flags: string;
  readonly says: string;
  /** May be given several times; arrives as an array. */
  readonly many?: 'many';
}

/** One command: what it takes, as data; how that is checked, as a schema; and the work. */
export interface CommandModule<Input = unknown> {
  readonly args?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Extra lines below the help text: examples. */
  readonly examples?: readonly string[];
  /** Over `{...options, ...arguments by name}`, all as strings, booleans or arrays of strings. */
  readonly input: ZodType<Input>;
  /** A library user could do the same with the rooms below: no logic here, only calling and rendering. */
  run(input: Input, context: CliContext): Promise<ExitCode>;
}

export function defineCommand<Input>(module: CommandModule<Input>): CommandModule<Input> {
  return module;
}
