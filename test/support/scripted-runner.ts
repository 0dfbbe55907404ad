import { prettyCommand, RunError, type Runner, type RunOptions, type RunResult } from '../../core/index.ts';

/** One call that is expected, and what the program answers. */
export interface Expected {
  /** The whole command line, or a pattern for it. */
  readonly command: string | RegExp;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  /** The program is not installed. */
  readonly missing?: true;
}

export interface ScriptedRunner extends Runner {
  /** Commands that were run, as they would be pasted. */
  readonly calls: readonly string[];
  /** Options of the same calls. */
  readonly options: readonly RunOptions[];
  /** Fails when an expectation was never met. */
  verify(): void;
}

/** A runner that knows which programs will be started, in any order; anything else fails with its command line. */
export function scriptedRunner(...expected: readonly Expected[]): ScriptedRunner {
  const open = [...expected];
  const calls: string[] = [];
  const options: RunOptions[] = [];
  const take = async (command: readonly string[], given: RunOptions): Promise<RunResult> => {
    const line = prettyCommand(command);
    const index = open.findIndex((one) =>
      typeof one.command === 'string' ? one.command === line : one.command.test(line),
    );
    const [match] = index < 0 ? [] : open.splice(index, 1);
    if (!match) throw new Error(`unexpected command: ${line}`);
    calls.push(line);
    options.push(given);
    const { stdout = '', stderr = '', exitCode = 0, missing = false } = match;
    if (!missing && (given.okExitCodes ?? [0]).includes(exitCode)) return { stdout, stderr, exitCode };
    throw new RunError({
      command,
      stdout,
      stderr,
      exitCode: missing ? undefined : exitCode,
      notFound: missing,
      timedOut: false,
      canceled: false,
      signal: undefined,
    });
  };
  return {
    calls,
    options,
    run: (file, args, given = {}) => take([file, ...args], given),
    pipe: (source, target, given = {}) => take([...source, '|', ...target], given),
    startDetached: async (file, args) => {
      await take([file, ...args], {});
      return 4711;
    },
    verify: () => {
      if (open.length > 0) throw new Error(`never run: ${open.map(({ command }) => String(command)).join('; ')}`);
    },
  };
}
