import { done, notYet, waitFor } from '../../core/index.ts';
import { measureMatrix, type MatrixCell } from '../../network/index.ts';
import { proveEgressGuard } from '../egress/index.ts';
import type { Session } from '../session.ts';

const GREEN_TIMEOUT_MS = 60_000;

/**
 * Proves that a lab is as a fresh one has to be: every cell of the matrix works, measured now, and a packet that wants to leave the machine is refused.
 * What is being written when one looks is looked at again.
 */
export async function proveFresh(session: Session, detail: (text: string) => void): Promise<void> {
  const { clock, signal } = session;
  await Promise.all([
    proveEgressGuard(session),
    waitFor(() => greenMatrix(session), {
      what: `every path of the lab "${session.lab.name}" to work`,
      timeoutMs: GREEN_TIMEOUT_MS,
      intervalMs: 250,
      clock,
      onObserve: detail,
      ...(signal === undefined ? {} : { signal }),
    }),
  ]);
}

async function greenMatrix(session: Session) {
  const { cells } = await measureMatrix(session);
  // Without the ingress add-on there is no front door that could answer.
  const isHad = ({ requirement }: MatrixCell): boolean => session.lab.addons !== 'core' || requirement !== 'ingress';
  const failed = cells.filter((cell) => isHad(cell) && !cell.ok && cell.skipped === undefined);
  const first = failed[0];
  if (first === undefined) return done(undefined);
  return notYet(
    `${String(failed.length)} of ${String(cells.length)} paths do not work, ${first.from} → ${first.to} first`,
  );
}
