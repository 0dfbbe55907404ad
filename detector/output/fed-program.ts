import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { untilAborted } from './until-aborted.ts';

type Child = ChildProcessByStdio<Writable, null, Readable>;

/** What of a program's complaints is kept, to say why it ended. */
const KEPT_WORDS = 400;

/** A program that is kept running and fed lines on stdin; it is started with the first, and again after it has ended. */
export class FedProgram {
  readonly #command: readonly string[];
  #running: RunningProgram | undefined;

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /** Rejects when the program ends or takes nothing until the signal; it is killed in the latter case. */
  async write(text: string, signal: AbortSignal): Promise<void> {
    if (this.#running === undefined || this.#running.hasEnded) this.#running = startProgram(this.#command);
    const program = this.#running;
    try {
      await untilAborted(program.write(text), signal, `${this.#command[0] ?? ''} takes nothing`);
    } catch (error) {
      program.kill();
      this.#running = undefined;
      throw error;
    }
  }

  /** Tells it by the end of its input. */
  end(): void {
    this.#running?.end();
    this.#running = undefined;
  }
}

/** Runs a program for one text: rejects unless it ends with 0 before the signal, at which it is killed. */
export async function feedOnce(command: readonly string[], text: string, signal: AbortSignal): Promise<void> {
  const program = startProgram(command);
  // It need not read all of its input to have done its work.
  program.write(text).catch(() => undefined);
  program.end();
  try {
    const code = await untilAborted(program.ended, signal, `${command[0] ?? ''} did not end in time`);
    if (code !== 0) throw new Error(program.whyEnded());
  } finally {
    program.kill();
  }
}

interface RunningProgram {
  readonly hasEnded: boolean;
  /** The exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  write(text: string): Promise<void>;
  end(): void;
  kill(): void;
  whyEnded(): string;
}

function startProgram(command: readonly string[]): RunningProgram {
  const [file = '', ...args] = command;
  const child: Child = spawn(file, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let why: string | undefined;
  let lastWords = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (chunk: string) => (lastWords = (lastWords + chunk).slice(-KEPT_WORDS)));
  // A broken pipe is told of by the end of the program, which knows more.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      why = error.message;
      resolve(null);
    });
    child.on('close', (code, signal) => {
      const how = code === null ? `was ended by ${String(signal)}` : `ended with ${String(code)}`;
      why ??= `${file} ${how}${lastWords.trim() === '' ? '' : `: ${lastWords.trim()}`}`;
      resolve(code);
    });
  });
  return {
    get hasEnded() {
      return why !== undefined || child.exitCode !== null || child.signalCode !== null;
    },
    ended,
    write: (text) => writeTo(child, text, ended, () => why ?? 'it ended'),
    end: () => child.stdin.end(),
    kill: () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    },
    whyEnded: () => why ?? 'it ended',
  };
}

function writeTo(child: Child, text: string, ended: Promise<unknown>, why: () => string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error(why()));
    void ended.then(fail);
    child.stdin.write(text, (error) => {
      if (error) void ended.then(fail);
      else resolve();
    });
  });
}
