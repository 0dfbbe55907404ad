import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { KubedrillError, messageOf } from '../../../core/index.ts';
import { ARCHIVE_PREFIX } from './image-archive.ts';
import { buildFolder, type BuildDeps } from './stage.ts';

const WAIT_MINUTES = 45;

/** Holds the lock on the build folder during `work`: two builds at once would make the same stages twice. */
export async function withBuildLock<T>(deps: BuildDeps, work: () => Promise<T>): Promise<T> {
  const folder = buildFolder(deps.paths);
  await mkdir(folder, { recursive: true });
  const release =
    (await tryLock(folder)) ?? (await deps.reporter.stage('Wait for another build', () => waitForLock(folder)));
  try {
    await removeArchives(folder);
    return await work();
  } finally {
    await release();
  }
}

/** Archives are written to be read at once; one that is there now is what a killed build has left. */
async function removeArchives(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(ARCHIVE_PREFIX)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

type Release = () => Promise<void>;

/** A sleeping machine makes a lock stale; the build goes on, and a second one at that moment costs time, not correctness. */
const LOCK = { stale: 30_000, update: 5_000, onCompromised: () => undefined };

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
