import type { MatrixCell, MatrixReport } from '../../network/index.ts';
import { judgeRequirements } from '../../network/requirements.ts';

/** A small matrix with something of everything: what works, a dead path, a hidden client, an open policy hole, a skipped cell. */
export function matrixReport(cells: readonly MatrixCell[] = CELLS): MatrixReport {
  return {
    apiVersion: 'kubedrill/v1',
    takenAt: '2026-01-02T03:04:05.678Z',
    tookMs: 1234,
    cells,
    requirements: judgeRequirements(cells),
  };
}

const cell = (change: Partial<MatrixCell>): MatrixCell => ({
  from: 'lab-worker/pod-a',
  to: 'lab-worker2/pod-b',
  row: 'M2',
  path: 'pod → pod, other node',
  protocol: 'tcp',
  requirement: 'R1',
  ok: true,
  ms: 2,
  sentSource: '10.244.1.2',
  observedSource: '10.244.1.2',
  expectedSource: '10.244.1.2',
  answeredBy: 'lab-worker2/pod-b',
  ...change,
});

const dead = {
  ok: false,
  error: 'timeout',
  detail: 'no answer within 2000 ms',
  sentSource: '10.244.1.2',
  ms: 2000,
  tries: 2,
} as const;

export const CELLS: readonly MatrixCell[] = [
  cell({}),
  { ...bare('lab-worker2/pod-b', 'udp'), ...dead },
  cell({
    to: 'service all',
    row: 'M6',
    path: 'pod → ClusterIP, any backend',
    ok: false,
    error: 'wrong-source',
    detail: 'seen as 172.18.0.3 instead of 10.244.1.2',
    observedSource: '172.18.0.3',
  }),
  cell({
    from: 'ext',
    to: 'nodePort of lab-worker',
    row: 'M9',
    path: 'outside → NodePort, any node',
    requirement: 'R2',
  }),
  cell({
    from: 'ext',
    to: '<script>alert(1)</script>',
    row: 'M14',
    path: 'outside → front door',
    protocol: 'http',
    requirement: 'ingress',
    ok: false,
    error: 'wrong-status',
    detail: 'HTTP 502: <b>"bad" gateway</b>',
  }),
  {
    ...{ from: '-', to: '-', row: 'M15-policy', path: 'pod → port that a policy closes to it', protocol: 'tcp' },
    ...{ requirement: 'policy', ok: false, ms: 0, skipped: 'this lab enforces no network policy' },
  },
];

function bare(to: string, protocol: 'udp'): Omit<MatrixCell, 'ok'> {
  return {
    ...{ from: 'lab-worker/pod-a', to, row: 'M2', path: 'pod → pod, other node', protocol, requirement: 'R1', ms: 0 },
    expectedSource: '10.244.1.2',
  };
}
