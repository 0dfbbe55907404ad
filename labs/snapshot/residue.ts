import { elapsedMs } from '../../core/index.ts';
import { compareSnapshots } from './compare.ts';
import { takeSnapshot, type SnapshotSession } from './take-snapshot.ts';
import type { LabSnapshot, Residue } from './types.ts';

/**
 * What a run has left behind: looks until nothing differs from `before`, at most `timeoutMs` (default 15 s) because pods are
 * still being replaced or rules written, and answers the last difference that was seen. Empty is the proof.
 */
export async function settledResidue(
  session: SnapshotSession,
  before: LabSnapshot,
  { timeoutMs = 15_000 }: { readonly timeoutMs?: number } = {},
): Promise<readonly Residue[]> {
  const startNs = session.clock.monotonicNs();
  for (;;) {
    const residue = compareSnapshots(before, await takeSnapshot(session));
    if (residue.length === 0 || elapsedMs(startNs, session.clock.monotonicNs()) >= timeoutMs) return residue;
    await session.clock.sleep(500);
  }
}
