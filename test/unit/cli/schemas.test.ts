import { gradeSchema, stopSchema } from '../../../cli/schemas/grade.ts';
import type { GradeResult, StopResult } from '../../../scenarios/index.ts';

const grade: GradeResult = {
  apiVersion: 'kubedrill/v1',
  scenario: 'S01',
  slug: 'flushed-iptables',
  variant: 'b',
  seed: 1,
  run: 'r1',
  passed: false,
  score: 45,
  max: 100,
  inconclusive: false,
  inconclusiveReasons: [],
  checks: [{ id: 'P1', says: 'Services answer', ok: false, observed: '3 of 46 cells fail', points: 0, max: 30 }],
  requirements: { R1: { ok: true, cells: 114, failed: [] } },
  outages: [{ path: 'o.svc@lab-worker', firstFailure: 1, lastFailure: 2, outageMs: 1, open: true, error: 'timeout' }],
  alerts: [
    {
      rule: 'KD Packet filter flushed',
      expected: 'must',
      deadlineMs: 2000,
      actor: 'injector',
      observed: 0,
      firstLatencyMs: null,
    },
  ],
  answers: { node: 'lab-worker' },
  detectorDrops: 0,
  hintsUsed: 1,
};

const stop: StopResult = {
  apiVersion: 'kubedrill/v1',
  scenario: 'S01',
  run: 'r1',
  residue: [
    { kind: 'node', node: 'lab-worker', table: 'ip nat', line: '-A KUBE-SERVICES', change: 'missing' },
    { kind: 'object', object: 'v1/ConfigMap/shop/x', change: 'added', detail: '' },
  ],
  tookMs: 4000,
  notes: [],
};

describe('the machine interfaces', () => {
  test('take what grade and stop answer', () => {
    expect(gradeSchema.parse(grade)).toEqual(grade);
    expect(stopSchema.parse(stop)).toEqual(stop);
  });

  test('refuse a field that is not documented', () => {
    expect(gradeSchema.safeParse({ ...grade, luck: 7 }).success).toBe(false);
    expect(stopSchema.safeParse({ ...stop, residue: [{ kind: 'rumour' }] }).success).toBe(false);
  });
});
