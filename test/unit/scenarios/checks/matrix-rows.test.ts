import type { MatrixCell, MatrixReport } from '../../../../network/index.ts';
import { rowsWork, touches } from '../../../../scenarios/checks/matrix-rows.ts';

function cell(from: string, to: string, more: Partial<MatrixCell> = {}): MatrixCell {
  return { from, to, row: 'M6', path: 'pod → ClusterIP', protocol: 'tcp', ok: true, requirement: 'R1', ms: 1, ...more };
}

const report = (...cells: readonly MatrixCell[]): MatrixReport => ({
  apiVersion: 'kubedrill/v1',
  takenAt: '',
  tookMs: 1,
  cells,
  requirements: {},
});

test.each([
  ['lab-worker/pod-a', 'service all', true],
  ['ext', 'nodePort of lab-worker', true],
  ['lab-worker2/pod-a', 'service all', false],
  ['ext', 'nodePort of lab-worker2', false],
  ['lab-worker2/pod-a', 'service on-lab-worker', false],
])('a cell from %s to %s touches lab-worker: %s', (from, to, expected) => {
  expect(touches({ from, to }, 'lab-worker')).toBe(expected);
});

describe('rows of a matrix', () => {
  const failing = cell('lab-worker/pod-a', 'service all', { ok: false, error: 'timeout' });

  test('work when every cell of theirs does', () => {
    const other = cell('a', 'b', { row: 'M1', ok: false });
    expect(rowsWork(report(cell('a', 'b'), other), { rows: ['M6'] }).ok).toBe(true);
  });

  test('fail with the cell that fails', () => {
    expect(rowsWork(report(cell('a', 'b'), failing), { rows: ['M6'] })).toEqual({
      ok: false,
      observed: '1 of 2 cells fail, e.g. lab-worker/pod-a → service all (pod → ClusterIP, tcp): timeout',
    });
  });

  test('are asked of one node only, when one is named', () => {
    const wanted = { rows: ['M6'], at: 'lab-worker2' };
    expect(rowsWork(report(failing, cell('lab-worker2/pod-a', 'service all')), wanted).ok).toBe(true);
  });

  test('do not work because nothing was measured', () => {
    expect(rowsWork(report(), { rows: ['M6'] }).ok).toBe(false);
    expect(rowsWork(report(cell('a', 'b', { ok: false, skipped: 'one node' })), { rows: ['M6'] }).ok).toBe(false);
  });
});
