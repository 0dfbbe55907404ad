import {
  API_VERSION,
  done,
  elapsedMs,
  KubedrillError,
  messageOf,
  notYet,
  waitFor,
  type Reporter,
} from '../../core/index.ts';
import type { FreshPicture } from '../../labs/index.ts';
import { removeFailedPods, renewWaitingPods, unfinishedRollouts } from '../cluster/rollouts.ts';
import type { RunEnvironment } from '../ports.ts';
import type { ResetResult } from '../types.ts';
import { proveClean } from './prove-clean.ts';
import { clearCurrentRun, currentRunFolder, loadPicture } from './run-folder.ts';
import { takeBackRun, type TakenBackRun } from './stop.ts';

/** Static pods that begin anew take 10 to 40 s, and others follow them. */
const SETTLE_MS = 60_000;
const READY_MS = 60_000;

type Taken = Extract<FreshPicture, { readonly kind: 'taken' }>;

/**
 * Brings the lab back to what it was when it had come up, whatever was done to it since, and waits until it works; an open run is ended first. What a
 * picture does not hold (contents of Secrets, large programs, data of pods) stays different, and is in the result. Fails when there is no picture, when
 * the API server does not come back, and when it serves another cluster than that of the picture: then only a new lab helps.
 */
export async function reset(env: RunEnvironment, reporter: Reporter): Promise<ResetResult> {
  const { clock, lab } = env.session;
  return env.labs.withLock('reset', async () => {
    const startNs = clock.monotonicNs();
    const fresh = await env.labs.freshPicture();
    if (fresh.kind === 'none') throw onlyNew(env, fresh.why);
    const run = await endOpenRun(env, reporter);
    const { residue, unready } = await restore(env, fresh, reporter);
    await run?.close(residue.length);
    return {
      apiVersion: API_VERSION,
      lab: lab.name,
      ...(run === undefined ? {} : { stopped: run.scenario }),
      residue,
      unready,
      tookMs: Math.round(elapsedMs(startNs, clock.monotonicNs())),
      notes: run?.notes ?? [],
    };
  });
}

/** A run of which not everything can be taken back is no obstacle: the picture is older than all of it. */
async function endOpenRun(env: RunEnvironment, reporter: Reporter): Promise<TakenBackRun | undefined> {
  const folder = await currentRunFolder(env.session);
  if (folder === undefined) return undefined;
  try {
    return await takeBackRun(env, folder, await loadPicture(folder), reporter);
  } catch (error) {
    const close = async (residue: number): Promise<void> => {
      if (residue === 0) await clearCurrentRun(env.session);
    };
    return { scenario: 'a challenge', id: folder, notes: [messageOf(error)], close };
  }
}

async function restore(
  env: RunEnvironment,
  { snapshot, clusterId }: Taken,
  reporter: Reporter,
): Promise<Pick<ResetResult, 'residue' | 'unready'>> {
  await reporter.stage('Looking after the nodes', (detail) => env.labs.reviveNodes(snapshot, detail));
  await refuseOther(env, clusterId);
  const residue = await proveClean(env, snapshot, reporter, SETTLE_MS);
  if (residue.length > 0) return { residue, unready: '' };
  const unready = await reporter.stage('Waiting until all of it works', (detail) => untilAllWorks(env, detail));
  return { residue, unready };
}

/** One that was begun anew on the same machines has nothing of what the lab's parts know of one another. */
async function refuseOther(env: RunEnvironment, clusterId: string): Promise<void> {
  const found = await env.labs.clusterId().catch((error: unknown) => {
    throw onlyNew(env, messageOf(error), error);
  });
  if (found !== clusterId) throw onlyNew(env, 'the data of its cluster is gone: the API server serves another one');
}

/** What does not work yet when time is up, in words; empty when all works. */
async function untilAllWorks(env: RunEnvironment, detail: (text: string) => void): Promise<string> {
  const { kube, clock } = env.session;
  const options = { what: 'the lab to work', timeoutMs: READY_MS, intervalMs: 500, clock, onObserve: detail };
  try {
    await renewWaitingPods(kube);
    await waitFor(async () => {
      await removeFailedPods(kube);
      const missing = [await env.labs.unready(), ...(await unfinishedRollouts(kube))].filter((part) => part !== '');
      return missing.length === 0 ? done(undefined) : notYet(missing.join('; '));
    }, options);
    return '';
  } catch (error) {
    return error instanceof KubedrillError ? error.why : messageOf(error);
  }
}

function onlyNew({ session: { lab } }: RunEnvironment, why: string, cause?: unknown): KubedrillError {
  return new KubedrillError({
    what: `the lab "${lab.name}" cannot be reset`,
    why,
    hint: `kubedrill down --name ${lab.name} && kubedrill up --name ${lab.name}`,
    cause,
  });
}
