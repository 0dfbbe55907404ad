import type { Io } from '../../cli/io.ts';
import type { Prompter } from '../../cli/prompter.ts';
import { run } from '../../cli/run.ts';

export interface CliOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** A person who must not be asked. */
export const nobody: Prompter = {
  confirm: () => Promise.reject(new Error('unexpected question')),
  select: () => Promise.reject(new Error('unexpected question')),
  input: () => Promise.reject(new Error('unexpected question')),
};

/** Runs a command line with buffers in place of the terminal. */
export async function cli(
  argv: readonly string[],
  {
    prompter = nobody,
    tty = false,
    env = {},
  }: { readonly prompter?: Prompter; readonly tty?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CliOutcome> {
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stdinIsTty: tty,
    stdoutIsTty: tty,
    stderrIsTty: tty,
    canPrompt: tty,
    columns: 100,
    prompter,
  };
  const exitCode = await run(argv, io, env);
  return { exitCode, out, err };
}
