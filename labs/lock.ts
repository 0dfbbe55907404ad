import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KubedrillError } from '../core/index.ts';
import type { LabDeps } from './session.ts';

/** proper-lockfile touches the lock this often, and thinks it dead after `STALE_MS` without a touch. */
const UPDATE_MS = 2_000;
const STALE_MS = 10_000;

const Owner = z.object({ pid: z.number(), purpose: z.string(), since: z.string() });
/** The process that holds a lock, and for what. */
export type LockOwner = z.infer<typeof Owner>;

/**
 * Runs `work` while no other kubedrill process may change the lab. Fails at once, naming the other process and what it does, when one
 * holds the lock; a lock whose process is dead is taken over.
 */
export async function withLabLock<T>(
  deps: Pick<LabDeps, 'paths' | 'clock'>,
  lab: string,
  purpose: string,
  work: () => Promise<T>,
): Promise<T> {
  const outcome = await ifLabIsFree(deps, lab, purpose, work);
  if (outcome.kind === 'busy') throw busy(lab, outcome.owner);
  return outcome.value;
}

/** What became of work that wanted a lock. */
export type LockedWork<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'busy'; readonly owner: LockOwner | undefined };

/** As `withLabLock`, for work that has something else to do when another process holds the lock. */
export async function ifLabIsFree<T>(
  deps: Pick<LabDeps, 'paths' | 'clock'>,
  lab: string,
  purpose: string,
  work: () => Promise<T>,
): Promise<LockedWork<T>> {
  const folder = join(deps.paths.state, '.locks');
  const file = join(folder, `${lab}.json`);
  await mkdir(folder, { recursive: true });
  const taken = await take(file);
  if (taken.kind === 'busy') return taken;
  try {
    await writeFile(file, JSON.stringify({ pid: process.pid, purpose, since: deps.clock.now().toISOString() }));
    return { kind: 'done', value: await work() };
  } finally {
    await rm(file, { force: true });
    await taken.release();
  }
}

type Taken =
  { readonly kind: 'taken'; readonly release: () => Promise<void> } | Extract<LockedWork<never>, { kind: 'busy' }>;

async function take(file: string): Promise<Taken> {
  // Loaded here, for it patches timers and signals when it is imported, which `--help` need not pay for.
  const { lock } = await import('proper-lockfile');
  // Whoever deletes the state folder meanwhile does not stop the work, and must not crash it.
  const options = { realpath: false, stale: STALE_MS, update: UPDATE_MS, onCompromised: () => undefined };
  try {
    return { kind: 'taken', release: await lock(file, options) };
  } catch (error) {
    if (!isLocked(error)) throw error;
    const owner = await readOwner(file);
    if (owner === undefined || isAlive(owner.pid)) return { kind: 'busy', owner };
    await rm(`${file}.lock`, { recursive: true, force: true });
    return { kind: 'taken', release: await lock(file, options) };
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}

async function readOwner(file: string): Promise<LockOwner | undefined> {
  try {
    return Owner.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** EPERM also means alive: it is another user's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function busy(lab: string, owner: LockOwner | undefined): KubedrillError {
  const who =
    owner === undefined ? 'another kubedrill' : `process ${String(owner.pid)} (${owner.purpose}, since ${owner.since})`;
  return new KubedrillError({
    what: `the lab "${lab}" is in use`,
    why: `${who} is changing it`,
    hint: 'wait for it to end, then try again',
  });
}
