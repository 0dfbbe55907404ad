import { judgePolicies } from '../../../../network/matrix/policy-canary.ts';
import { CLOSED_PORT } from '../../../../network/matrix/rows/policy.ts';
import type { MatrixCell } from '../../../../network/types.ts';

const PAIRS = ['a', 'b', 'c'];

const cell = (pair: string, change: Partial<MatrixCell>): MatrixCell => ({
  from: `${pair}1/pod-a`,
  to: `${pair}2/pod-b`,
  row: 'M2',
  path: 'pod → pod, other node',
  protocol: 'tcp',
  requirement: 'R1',
  ok: true,
  ms: 1,
  ...change,
});
const closed = (pair: string, change: Partial<MatrixCell>): MatrixCell =>
  cell(pair, { row: 'M15-policy', path: CLOSED_PORT, requirement: 'policy', ...change });
const OPEN = PAIRS.map((pair) => cell(pair, {}));
const policyCells = (cells: readonly MatrixCell[]): readonly MatrixCell[] =>
  judgePolicies(cells).filter(({ requirement }) => requirement === 'policy');

describe('the canary of network policies', () => {
  test('skips the cells where closed ports answer, and says that nothing is enforced', () => {
    const answered = PAIRS.map((pair) => closed(pair, { ok: false, error: 'wrong-identity' }));
    const cells = policyCells([...OPEN, ...answered]);
    expect(cells.map(({ skipped }) => skipped)).toEqual(
      PAIRS.map(() => 'this lab enforces no network policy: a port that one closes is open'),
    );
    expect(cells.every(({ ok, error }) => !ok && error === undefined)).toBe(true);
  });

  test('keeps them where most are silent, so that a hole stays a failure', () => {
    const cells = policyCells([
      ...OPEN,
      closed('a', {}),
      closed('b', {}),
      closed('c', { ok: false, error: 'wrong-identity' }),
    ]);
    expect(cells.map(({ ok, skipped }) => [ok, skipped])).toEqual([
      [true, undefined],
      [true, undefined],
      [false, undefined],
    ]);
  });

  test('does not take a dead path for a policy', () => {
    const dead = PAIRS.map((pair) => cell(pair, { ok: false, error: 'timeout' }));
    const cells = policyCells([...dead, ...PAIRS.map((pair) => closed(pair, {}))]);
    expect(cells[0]?.skipped).toBe('whether this lab enforces network policies could not be seen');
  });
});
