import type { Prompter } from './prompter.ts';

/** The terminal, or what stands for it: injected, so that commands can be tested with buffers. */
export interface Io {
  /** The result of a command. */
  out(text: string): void;
  /** The talk about it. */
  err(text: string): void;
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  /** Whether a person can be asked: stdin and stderr are terminals. */
  readonly canPrompt: boolean;
  readonly columns: number;
  readonly prompter: Prompter;
}

export function processIo(prompter: Prompter): Io {
  // `kubedrill … | head` closes the pipe early; that is no error of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdinIsTty: process.stdin.isTTY,
    stdoutIsTty: process.stdout.isTTY,
    stderrIsTty: process.stderr.isTTY,
    canPrompt: process.stdin.isTTY && process.stderr.isTTY,
    columns: process.stdout.isTTY ? process.stdout.columns : 120,
    prompter,
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
