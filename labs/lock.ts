import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KubedrillError } from '../core/index.ts';
import type { LabDeps } from './session.ts';

/** proper-lockfile touches the lock this often, and thinks it dead after `STALE_MS` without a touch. */
const UPDATE_MS = 2_000;
const STALE_MS = 10_000;

const Owner = z.object({ pid: z.number(), purpose: z.string(), since: z.string() });
type Owner = z.infer<typeof Owner>;

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
  const release = await acquire(join(deps.paths.state, '.locks'), lab, {
    pid: process.pid,
    purpose,
    since: deps.clock.now().toISOString(),
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(folder: string, lab: string, owner: Owner): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${lab}.json`);
  const release = await take(file, lab);
  await writeFile(file, JSON.stringify(owner));
  return async () => {
    await rm(file, { force: true });
    await release();
  };
}

async function take(file: string, lab: string): Promise<() => Promise<void>> {
  // Loaded here, for it patches timers and signals when it is imported, which `--help` need not pay for.
  const { lock } = await import('proper-lockfile');
  // Whoever deletes the state folder meanwhile does not stop the work, and must not crash it.
  const options = { realpath: false, stale: STALE_MS, update: UPDATE_MS, onCompromised: () => undefined };
  try {
    return await lock(file, options);
  } catch (error) {
    if (!isLocked(error)) throw error;
    const owner = await readOwner(file);
    if (owner === undefined || isAlive(owner.pid)) throw busy(lab, owner);
    await rm(`${file}.lock`, { recursive: true, force: true });
    return await lock(file, options);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ELOCKED';
}

async function readOwner(file: string): Promise<Owner | undefined> {
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

function busy(lab: string, owner: Owner | undefined): KubedrillError {
  const who =
    owner === undefined ? 'another kubedrill' : `process ${String(owner.pid)} (${owner.purpose}, since ${owner.since})`;
  return new KubedrillError({
    what: `the lab "${lab}" is in use`,
    why: `${who} is changing it`,
    hint: 'wait for it to end, then try again',
  });
}
