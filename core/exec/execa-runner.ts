import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Options } from 'execa';
import { RunError, type RunFacts } from './run-error.ts';
import type { Command, Runner, RunOptions, RunResult } from './runner.ts';

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** What we read of execa's result, for whatever options it was asked with. */
interface Outcome {
  readonly stdout: unknown;
  readonly stderr: unknown;
  readonly exitCode?: number | undefined;
  readonly code?: string | undefined;
  readonly signal?: string | undefined;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
}

/** The runner for real programs. */
export function execaRunner(defaults: { readonly signal?: AbortSignal } = {}): Runner {
  return {
    run: (file, args, options = {}) => run(file, args, { ...defaults, ...options }),
    pipe: (source, target, options = {}) => pipe(source, target, { ...defaults, ...options }),
    startDetached,
  };
}

async function run(file: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  // Loaded with the first program that is run: `--help` should not wait for it.
  const { execa } = await import('execa');
  const subprocess = execa(file, args, execaOptions(options));
  if (options.onLine) relayLines(subprocess, options.onLine);
  return accepted([file, ...args], await subprocess, options);
}

async function pipe(source: Command, target: Command, options: RunOptions): Promise<RunResult> {
  const { execa } = await import('execa');
  const [sourceFile, ...sourceArgs] = source;
  const [targetFile, ...targetArgs] = target;
  const from = execa(sourceFile, sourceArgs, { reject: false, stdin: 'ignore', buffer: { stdout: false } });
  const to = execa(targetFile, targetArgs, { ...execaOptions(options), stdin: 'pipe' });
  if (options.onLine) relayLines(to, options.onLine);
  // A target that ends early breaks the pipe; its exit code says why better than EPIPE does.
  await pipeline(from.stdout, to.stdin).catch(() => undefined);
  const [fromResult, toResult] = await Promise.all([from, to]);
  const answer = accepted(target, toResult, options);
  accepted(source, fromResult, {});
  return answer;
}

function execaOptions(options: RunOptions): Options & { readonly reject: false } {
  const inherit = options.stdio === 'inherit';
  const fed = options.input !== undefined || options.inputFile !== undefined;
  return {
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MAX_OUTPUT_BYTES,
    stdout: inherit ? 'inherit' : 'pipe',
    stderr: inherit ? 'inherit' : 'pipe',
    ...(fed ? {} : { stdin: inherit ? 'inherit' : 'ignore' }),
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.inputFile === undefined ? {} : { inputFile: options.inputFile }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.killSignal === undefined ? {} : { killSignal: options.killSignal }),
  };
}

function accepted(command: readonly string[], result: Outcome, options: RunOptions): RunResult {
  const facts = factsOf(command, result);
  const codes = options.okExitCodes ?? [0];
  if (facts.exitCode === undefined || !codes.includes(facts.exitCode)) throw new RunError(facts, result);
  return { stdout: facts.stdout, stderr: facts.stderr, exitCode: facts.exitCode };
}

function factsOf(command: readonly string[], result: Outcome): RunFacts {
  return {
    command,
    stdout: textOf(result.stdout),
    stderr: textOf(result.stderr),
    exitCode: result.exitCode,
    notFound: result.code === 'ENOENT',
    timedOut: result.timedOut,
    canceled: result.isCanceled,
    signal: result.signal,
  };
}

function textOf(output: unknown): string {
  if (output instanceof Uint8Array) return Buffer.from(output).toString('utf8');
  return typeof output === 'string' ? output : '';
}

function relayLines(
  subprocess: { readonly stdout: NodeJS.ReadableStream | null; readonly stderr: NodeJS.ReadableStream | null },
  onLine: NonNullable<RunOptions['onLine']>,
): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    let rest = '';
    subprocess[stream]?.on('data', (chunk: Buffer | string) => {
      const lines = (rest + chunk.toString()).split(/\r?\n|\r/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line, stream);
    });
    subprocess[stream]?.on('end', () => {
      if (rest !== '') onLine(rest, stream);
    });
  }
}

/**
 * Detached in its own session, with a log file as output, so that it survives this process. Plain spawn: execa does not
 * hand over file descriptors of ours.
 */
async function startDetached(
  file: string,
  args: readonly string[],
  { logFile }: { readonly logFile: string },
): Promise<number> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const subprocess = spawn(file, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  subprocess.unref();
  try {
    await once(subprocess, 'spawn');
  } catch (error) {
    const facts = { stdout: '', stderr: String(error), exitCode: undefined, timedOut: false, canceled: false };
    throw new RunError({ ...facts, command: [file, ...args], notFound: isNotFound(error), signal: undefined }, error);
  }
  return subprocess.pid ?? 0;
}

function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
