import { judgeRequirements } from '../../../network/requirements.ts';
import type { MatrixCell } from '../../../network/types.ts';

const cell = (change: Partial<MatrixCell>): MatrixCell => ({
  from: 'a/pod-a',
  to: 'b/pod-a',
  row: 'M2',
  path: 'pod → pod, other node',
  protocol: 'tcp',
  ok: true,
  requirement: 'R1',
  ms: 1,
  ...change,
});

describe('the requirements', () => {
  test('hold when their cells do, and count them', () => {
    expect(judgeRequirements([cell({}), cell({ protocol: 'udp' })])).toEqual({
      R1: { ok: true, cells: 2, failed: [] },
    });
  });

  test('name the cells that break them', () => {
    const { R1 } = judgeRequirements([cell({}), cell({ ok: false, error: 'timeout', detail: 'no answer' })]);
    expect(R1).toEqual({
      ok: false,
      cells: 2,
      failed: ['a/pod-a → b/pod-a (pod → pod, other node, tcp): timeout, no answer'],
    });
  });

  test('leave skipped cells out, and themselves when nothing was measured', () => {
    const { R1, R2 } = judgeRequirements([cell({}), cell({ requirement: 'R2', ok: false, skipped: 'one node' })]);
    expect(R1?.cells).toBe(1);
    expect(R2).toBeUndefined();
  });

  test('tell a path that is dead from one that only hides who asks', () => {
    const nat = cell({ ok: false, error: 'wrong-source', observedSource: '10.0.0.1', expectedSource: '10.0.0.2' });
    const { R1, R3 } = judgeRequirements([nat]);
    expect(R1?.ok).toBe(true);
    expect(R3).toMatchObject({ ok: false, cells: 1 });
  });

  test('count as a source check only what somebody saw', () => {
    const { R3 } = judgeRequirements([
      cell({ expectedSource: '10.0.0.2', observedSource: '10.0.0.2' }),
      cell({ expectedSource: '10.0.0.2', ok: false, error: 'timeout' }),
      cell({ row: 'M16', requirement: 'R3' }),
    ]);
    expect(R3).toMatchObject({ ok: true, cells: 2 });
  });

  test('count cluster names both under DNS and under R1', () => {
    const names = cell({ row: 'M12-name', requirement: 'dns', protocol: 'dns', ok: false, error: 'dns-nxdomain' });
    const { R1, dns } = judgeRequirements([cell({}), names]);
    expect(R1).toMatchObject({ ok: false, cells: 2 });
    expect(dns).toMatchObject({ ok: false, cells: 1 });
  });

  test.each(['ingress', 'egress', 'policy', 'negatives', 'R2'] as const)('have a verdict for %s', (requirement) => {
    const verdict = judgeRequirements([cell({ requirement, ok: false, error: 'timeout' })])[requirement];
    expect(verdict).toMatchObject({ ok: false, cells: 1 });
  });
});
