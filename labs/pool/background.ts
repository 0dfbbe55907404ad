import { join } from 'node:path';
import { done, notYet, packageRoot, waitFor } from '../../core/index.ts';
import type { LabDeps } from '../session.ts';
import { poolFacts } from './facts.ts';
import { fillLogFile, fillState } from './fill-state.ts';

/** The hidden command of the CLI that fills the pool. */
export const REFILL_COMMAND = 'pool-refill';

/** It removes what it has half made, which takes docker some seconds. */
const STOP_TIMEOUT_MS = 120_000;

export type RefillStart =
  | { readonly kind: 'started'; readonly pid: number; readonly logFile: string }
  /** Nothing is missing, or there is no pool, or somebody fills it already, or this is an automatic run. */
  | { readonly kind: 'not-needed'; readonly why: 'no pool' | 'full' | 'running' | 'CI' };

/**
 * Starts a process of its own that fills the pool, if something is missing in it; it has no terminal, so Ctrl-C does not reach it. Never where CI=true
 * says that nobody is there, unless KUBEDRILL_POOL=refill asks for it.
 */
export async function startRefill({ runner, paths, env }: LabDeps): Promise<RefillStart> {
  const facts = await poolFacts(paths);
  if (facts === undefined) return { kind: 'not-needed', why: 'no pool' };
  if (facts.prepared >= facts.size) return { kind: 'not-needed', why: 'full' };
  if (facts.filling.kind === 'running') return { kind: 'not-needed', why: 'running' };
  if (env['CI'] === 'true' && env['KUBEDRILL_POOL'] !== 'refill') return { kind: 'not-needed', why: 'CI' };
  const logFile = fillLogFile(paths);
  const pid = await runner.startDetached(
    process.execPath,
    [join(packageRoot(), 'bin', 'kubedrill.mjs'), REFILL_COMMAND],
    { logFile },
  );
  return { kind: 'started', pid, logFile };
}

/** Ends whatever process fills the pool, and waits until it has cleaned up. Answers its number, if there was one. */
export async function stopFilling({ paths, clock, reporter }: LabDeps): Promise<number | undefined> {
  const state = await fillState(paths);
  if (state.kind !== 'running') return undefined;
  const { pid } = state;
  process.kill(pid, 'SIGTERM');
  await reporter.stage(`Wait until process ${String(pid)} has stopped filling the pool`, () =>
    waitFor(async () => ((await fillState(paths)).kind === 'running' ? notYet('it still runs') : done(undefined)), {
      what: `process ${String(pid)} to end`,
      timeoutMs: STOP_TIMEOUT_MS,
      hint: `kill -9 ${String(pid)}, then kubedrill down --pool`,
      clock,
    }),
  );
  return pid;
}
