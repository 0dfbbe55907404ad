import type { MatrixCell } from '../types.ts';
import { CLOSED_PORT } from './rows/policy.ts';

const NOT_ENFORCED = 'this lab enforces no network policy: a port that one closes is open';
const UNDECIDED = 'whether this lab enforces network policies could not be seen';

/**
 * Keeps the cells of policies where the lab enforces any, and skips them where it does not. The canary is the closed port itself: it
 * must be silent to a client that the same pod answers at its open port. Most of the pairs decide, so that a lost packet does not.
 */
export function judgePolicies(cells: readonly MatrixCell[]): readonly MatrixCell[] {
  const closed = cells.filter(({ path }) => path.startsWith(CLOSED_PORT));
  const telling = closed.filter((cell) => cells.some((other) => isOpenWay(other, cell)));
  const silent = telling.filter(({ ok }) => ok).length;
  if (silent * 2 > telling.length) return cells;
  const why = telling.length === 0 ? UNDECIDED : NOT_ENFORCED;
  return cells.map((cell) => (isPolicy(cell) ? skippedFor(cell, why) : cell));
}

function isPolicy({ requirement }: MatrixCell): boolean {
  return requirement === 'policy';
}

/** The same pair of pods at the port that is open to all. */
function isOpenWay(other: MatrixCell, { from, to, protocol }: MatrixCell): boolean {
  return (
    (other.row === 'M1' || other.row === 'M2') &&
    other.ok &&
    other.from === from &&
    other.to === to &&
    other.protocol === protocol
  );
}

function skippedFor({ from, to, row, path, protocol, requirement }: MatrixCell, skipped: string): MatrixCell {
  return { from, to, row, path, protocol, requirement, ok: false, ms: 0, skipped };
}
