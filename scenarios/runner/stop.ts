import { basename } from 'node:path';
import { API_VERSION, elapsedMs, KubedrillError, messageOf, type Reporter } from '../../core/index.ts';
import type { LabSnapshot, Residue } from '../../labs/index.ts';
import { takeBack } from '../faults/undo/registry.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import { openSteps } from '../journal/state.ts';
import type { RunEnvironment } from '../ports.ts';
import type { StopResult } from '../types.ts';
import { noRun } from './current.ts';
import { waitForOwnPods } from './own-pods.ts';
import { restoreFromPicture } from './restore.ts';
import { clearCurrentRun, currentRunFolder, loadPicture } from './run-folder.ts';

/** Time for controllers to follow what was put back. */
const SETTLE_MS = 25_000;

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
  const journal = await openJournal(folder, clock, 'salvage');
  const before = await loadPicture(folder);
  if (journal.state().phase !== 'closed') {
    await journal.append({ kind: 'phase', phase: 'stopping' });
    if (before) await reporter.stage('Looking after the nodes', (detail) => env.labs.reviveNodes(before, detail));
    await reporter.stage('Taking back what was done', (detail) => takeBackAll(env, journal, before, detail));
  }
  const residue = before ? await proveClean(env, before, reporter) : [];
  const late = await reporter.stage('Waiting for probes and detector', (detail) => waitForOwnPods(env, detail));
  await journal.append({ kind: 'closed', residue: residue.length });
  await clearCurrentRun(env.session);
  const { scenario, run } = journal.state();
  return {
    apiVersion: API_VERSION,
    scenario: scenario === '' ? 'unknown' : scenario,
    run: run === '' ? basename(folder) : run,
    residue,
    tookMs: Math.round(elapsedMs(startNs, clock.monotonicNs())),
    notes: [...journal.notes, ...late],
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

function nameOf(difference: Residue | undefined): string {
  if (!difference) return '';
  if (difference.kind === 'object') return `${difference.change}: ${difference.object}`;
  return `${difference.change} on ${difference.node} in ${difference.table}: ${difference.line}`;
}

/** Compares with the picture, restores what differs, and looks again until nothing does or time is up. */
async function proveClean(env: RunEnvironment, before: LabSnapshot, reporter: Reporter): Promise<readonly Residue[]> {
  const { clock } = env.session;
  return reporter.stage('Proving that nothing is left', async (detail) => {
    const startNs = clock.monotonicNs();
    for (;;) {
      const residue = env.labs.compareSnapshots(before, await env.labs.takeSnapshot());
      if (residue.length === 0 || elapsedMs(startNs, clock.monotonicNs()) > SETTLE_MS) return residue;
      detail(`${String(residue.length)} differences, e.g. ${nameOf(residue[0])}`);
      const problems = await restoreFromPicture(env, before, residue);
      for (const problem of problems) detail(problem);
      await clock.sleep(1000);
    }
  });
}
