import { basename } from 'node:path';
import { API_VERSION, elapsedMs, KubedrillError, messageOf, type Reporter } from '../../core/index.ts';
import type { LabSnapshot } from '../../labs/index.ts';
import { takeBack } from '../faults/undo/registry.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import { openSteps } from '../journal/state.ts';
import type { RunEnvironment } from '../ports.ts';
import type { StopResult } from '../types.ts';
import { noRun } from './current.ts';
import { waitForOwnPods } from './own-pods.ts';
import { proveClean } from './prove-clean.ts';
import { clearCurrentRun, currentRunFolder, loadPicture } from './run-folder.ts';

/**
 * Makes the nodes run again, takes everything back (last step first), restores what else differs from the picture taken before, proves that nothing
 * differs any more, and closes the run. A run whose steps could not all be taken back stays open.
 */
export async function stop(env: RunEnvironment, reporter: Reporter): Promise<StopResult> {
  return env.labs.withLock('stop', async () => {
    const folder = await currentRunFolder(env.session);
    if (folder === undefined) throw noRun();
    return stopOpenRun(env, folder, reporter);
  });
}

/** As `stop`, for callers that hold the lab's lock. */
export async function stopOpenRun(env: RunEnvironment, folder: string, reporter: Reporter): Promise<StopResult> {
  const { clock } = env.session;
  const startNs = clock.monotonicNs();
  const before = await loadPicture(folder);
  const run = await takeBackRun(env, folder, before, reporter);
  const residue = before ? await proveClean(env, before, reporter) : [];
  const late = await reporter.stage('Waiting for probes and detector', (detail) => waitForOwnPods(env, detail));
  await run.close(residue.length);
  return {
    apiVersion: API_VERSION,
    scenario: run.scenario,
    run: run.id,
    residue,
    tookMs: Math.round(elapsedMs(startNs, clock.monotonicNs())),
    notes: [...run.notes, ...late],
  };
}

/** A run whose steps are taken back, and which is still open. */
export interface TakenBackRun {
  readonly scenario: string;
  readonly id: string;
  readonly notes: readonly string[];
  close(residue: number): Promise<void>;
}

/** Makes the nodes run as in the picture and takes the run's steps back. Fails when not all could be. */
export async function takeBackRun(
  env: RunEnvironment,
  folder: string,
  before: LabSnapshot | undefined,
  reporter: Reporter,
): Promise<TakenBackRun> {
  const journal = await openJournal(folder, env.session.clock, 'salvage');
  if (journal.state().phase !== 'closed') {
    await journal.append({ kind: 'phase', phase: 'stopping' });
    if (before) await reporter.stage('Looking after the nodes', (detail) => env.labs.reviveNodes(before, detail));
    await reporter.stage('Taking back what was done', (detail) => takeBackAll(env, journal, before, detail));
  }
  const { scenario, run } = journal.state();
  return {
    scenario: scenario === '' ? 'unknown' : scenario,
    id: run === '' ? basename(folder) : run,
    notes: journal.notes,
    close: async (residue) => {
      await journal.append({ kind: 'closed', residue });
      await clearCurrentRun(env.session);
    },
  };
}

async function takeBackAll(
  env: RunEnvironment,
  journal: Journal,
  before: LabSnapshot | undefined,
  detail: (text: string) => void,
): Promise<void> {
  const failures: string[] = [];
  for (const step of openSteps(journal.state())) {
    detail(step.title);
    try {
      for (const undo of step.undo) await takeBack({ env, before }, undo);
      await journal.append({ kind: 'undone', step: step.seq });
    } catch (error) {
      failures.push(`"${step.title}": ${messageOf(error)}`);
    }
  }
  if (failures.length === 0) return;
  throw new KubedrillError({
    what: 'not everything could be taken back; the run stays open',
    why: failures.join('; '),
    hint: 'kubedrill stop again once the lab answers; or kubedrill down && kubedrill up',
  });
}
