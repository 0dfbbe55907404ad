import { elapsedMs, messageOf, type Reporter } from '../../core/index.ts';
import type { LabSnapshot, Residue } from '../../labs/index.ts';
import type { RunEnvironment } from '../ports.ts';
import { restoreFromPicture } from './restore.ts';

/** Time for controllers to follow what was put back. */
const SETTLE_MS = 25_000;

/**
 * Compares with the picture, restores what differs, and looks again until nothing does or time is up. An API server that goes away meanwhile, as
 * one does whose own configuration was put back, is waited for until then.
 */
export async function proveClean(
  env: RunEnvironment,
  before: LabSnapshot,
  reporter: Reporter,
  settleMs = SETTLE_MS,
): Promise<readonly Residue[]> {
  const { clock } = env.session;
  return reporter.stage('Proving that nothing is left', async (detail) => {
    const startNs = clock.monotonicNs();
    const isLate = (): boolean => elapsedMs(startNs, clock.monotonicNs()) > settleMs;
    for (;;) {
      try {
        const residue = env.labs.compareSnapshots(before, await env.labs.takeSnapshot());
        if (residue.length === 0 || isLate()) return residue;
        detail(`${String(residue.length)} differences, e.g. ${nameOf(residue[0])}`);
        for (const problem of await restoreFromPicture(env, before, residue)) detail(problem);
      } catch (error) {
        if (isLate()) throw error;
        detail(messageOf(error));
      }
      await clock.sleep(1000);
    }
  });
}

function nameOf(difference: Residue | undefined): string {
  if (!difference) return '';
  if (difference.kind === 'object') return `${difference.change}: ${difference.object}`;
  return `${difference.change} on ${difference.node} in ${difference.table}: ${difference.line}`;
}
