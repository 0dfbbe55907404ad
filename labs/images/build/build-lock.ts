import { mkdir } from 'node:fs/promises';
import lockfile from 'proper-lockfile';
import { KubedrillError, messageOf } from '../../../core/index.ts';
import { buildFolder, type BuildDeps } from './stage.ts';

const WAIT_MINUTES = 45;

/** Holds the lock on the build folder during `work`: two builds at once would make the same stages twice. */
export async function withBuildLock<T>(deps: BuildDeps, work: () => Promise<T>): Promise<T> {
  const folder = buildFolder(deps.paths);
  await mkdir(folder, { recursive: true });
  const release =
    (await tryLock(folder)) ?? (await deps.reporter.stage('Wait for another build', () => waitForLock(folder)));
  try {
    return await work();
  } finally {
    await release();
  }
}

type Release = () => Promise<void>;

/** A sleeping machine makes a lock stale; the build goes on, and a second one at that moment costs time, not correctness. */
const LOCK = { stale: 60_000, update: 5_000, onCompromised: () => undefined };

async function tryLock(folder: string): Promise<Release | undefined> {
  return lockfile.lock(folder, LOCK).catch(() => undefined);
}

async function waitForLock(folder: string): Promise<Release> {
  try {
    const retries = { retries: WAIT_MINUTES * 30, factor: 1, minTimeout: 2_000, maxTimeout: 2_000 };
    return await lockfile.lock(folder, { ...LOCK, retries });
  } catch (error) {
    throw new KubedrillError({
      what: `another kubedrill is building images, for more than ${String(WAIT_MINUTES)} minutes`,
      why: messageOf(error),
      hint: `when none runs any more: rm -r ${folder}.lock`,
      cause: error,
    });
  }
}
