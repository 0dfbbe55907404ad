import { signatureOf, type IdentityAnswer, type ProbeOutcome } from '../../../../network/agent/protocol.ts';
import { evaluate, type Measured } from '../../../../network/matrix/evaluate.ts';
import { planMatrix } from '../../../../network/matrix/plan.ts';
import type { PlannedCell } from '../../../../network/matrix/planned-cell.ts';
import { judgeRequirements } from '../../../../network/requirements.ts';
import type { MatrixCell } from '../../../../network/types.ts';
import { labFactsOf } from '../../../support/network-facts.ts';

const KEY = { id: 'k', secret: 's' };
const FACTS = labFactsOf(['lab-control-plane', 'lab-worker', 'lab-worker2'], { ipv6: 'bridge' });
const PLAN = planMatrix(FACTS);

describe('a measured matrix', () => {
  test('is all green when every answer is as it should be', () => {
    const cells = evaluate(PLAN, measured(), FACTS);
    expect(cells.filter(isFailed)).toEqual([]);
    expect(Object.entries(judgeRequirements(cells)).filter(([, { ok }]) => !ok)).toEqual([]);
    expect(Object.keys(judgeRequirements(cells)).sort()).toEqual(
      ['R1', 'R2', 'R3', 'dns', 'egress', 'ingress', 'negatives', 'policy'].sort(),
    );
  });

  test('carries both ends of a cell', () => {
    const cell = find(evaluate(PLAN, measured(), FACTS), 'lab-worker/pod-a', 'lab-worker2/pod-a');
    expect(cell).toMatchObject({
      answeredBy: 'lab-worker2/pod-a',
      sentSource: '10.0.0.9',
      observedSource: '10.244.1.2',
      expectedSource: '10.244.1.2',
      ms: 2,
    });
  });

  test.each<[string, string, string, (good: IdentityAnswer) => ProbeOutcome, string]>([
    [
      'another answerer',
      'lab-worker/pod-a',
      'lab-worker2/pod-a',
      (good) => signed({ ...good, identity: 'lab-worker2/pod-b' }),
      'wrong-identity',
    ],
    [
      'a translated source',
      'lab-worker/pod-a',
      'lab-worker2/pod-a',
      (good) => signed({ ...good, observed: '172.18.0.3' }),
      'wrong-source',
    ],
    [
      'an old nonce',
      'lab-worker/pod-a',
      'lab-worker2/pod-a',
      (good) => signed({ ...good, nonce: 'old' }),
      'wrong-identity',
    ],
    [
      'a missing signature',
      'lab-worker/pod-a',
      'lab-worker2/pod-a',
      (good) => ({ kind: 'answer', answer: good }),
      'wrong-identity',
    ],
    [
      'silence',
      'lab-worker/pod-a',
      'lab-worker2/pod-a',
      () => ({ kind: 'failure', error: 'timeout', detail: 'x' }),
      'timeout',
    ],
    [
      'a hairpin that shows the pod itself',
      'lab-worker/pod-a',
      'service on-lab-worker',
      (good) => signed({ ...good, observed: '10.244.1.2' }),
      'wrong-source',
    ],
    [
      'a NodePort that shows the client',
      'ext',
      'nodePort of lab-worker',
      (good) => signed({ ...good, observed: '172.18.0.200' }),
      'wrong-source',
    ],
    ['an empty Service that answers', 'lab-worker/pod-a', 'service void', (good) => signed(good), 'wrong-identity'],
    [
      'an empty Service that is silent',
      'lab-worker/pod-a',
      'service void',
      () => ({ kind: 'failure', error: 'timeout', detail: 'x' }),
      'timeout',
    ],
    [
      'a name with too many addresses',
      'lab-worker/pod-a',
      'all',
      () => ({ kind: 'records', records: ['10.96.1.1', '10.96.9.9'] }),
      'wrong-identity',
    ],
    [
      'a name that is not known',
      'lab-worker/pod-a',
      'all',
      () => ({ kind: 'failure', error: 'dns-nxdomain', detail: 'x' }),
      'dns-nxdomain',
    ],
    [
      'an unknown host that is served',
      'ext',
      'nobody.lab.test',
      (good) => ({ kind: 'answer', answer: good, status: 200 }),
      'wrong-status',
    ],
    [
      'another path at the front door',
      'ext',
      'app.lab.test/a/b',
      (good) => ({ kind: 'answer', answer: { ...good, path: '/' }, status: 200 }),
      'wrong-identity',
    ],
    [
      'an API server that asks for a password',
      'lab-worker/pod-a',
      'service kubernetes',
      () => ({ kind: 'status', status: 401, detail: '', certificate: 'kube-apiserver' }),
      'wrong-status',
    ],
    [
      'a node without a backend that answers',
      'ext',
      'local nodePort of lab-worker',
      (good) => signed(good),
      'wrong-identity',
    ],
    [
      'a node without a backend that refuses',
      'ext',
      'local nodePort of lab-worker',
      () => ({ kind: 'failure', error: 'refused', detail: 'x' }),
      'refused',
    ],
    [
      'a caller hidden by a NodePort with the policy Local',
      'ext',
      'local nodePort of lab-worker2',
      (good) => signed({ ...good, observed: '172.18.0.4' }),
      'wrong-source',
    ],
    [
      'an address of no Service that answers',
      'lab-worker/pod-a',
      'no service',
      (good) => signed(good),
      'wrong-identity',
    ],
    [
      'an address of no Service that takes the call and says nothing',
      'lab-worker/pod-a',
      'no service',
      () => ({ kind: 'failure', error: 'timeout', detail: 'x', connected: true }),
      'wrong-identity',
    ],
    [
      'the name of a deleted Service that is still known',
      'lab-worker/pod-a',
      'deleted.kubedrill-probes.svc.cluster.local.',
      () => ({ kind: 'records', records: ['10.96.1.9'] }),
      'wrong-identity',
    ],
  ])('fails a cell for %s', (_, from, to, change, error) => {
    const at = PLAN.findIndex((planned) => planned.from === from && planned.to === to);
    const cells = evaluate(PLAN, measured({ [at]: change(goodAnswer(PLAN[at])) }), FACTS);
    expect(cells[at]).toMatchObject({ ok: false, error });
    expect(cells.filter((cell) => isFailed(cell) && cell.row !== 'M16')).toHaveLength(1);
  });

  test.each(['refused', 'timeout', 'unreachable'] as const)('lets an address of no Service fail by %s', (error) => {
    const at = PLAN.findIndex(({ to }) => to === 'no service');
    const cells = evaluate(PLAN, measured({ [at]: { kind: 'failure', error, detail: 'x' } }), FACTS);
    expect(cells[at]?.ok).toBe(true);
  });

  test("names the API server by its certificate's name", () => {
    const at = PLAN.findIndex(({ to }) => to === 'service kubernetes');
    const outcome = { kind: 'status', status: 200, detail: '{}', certificate: 'kube-apiserver' } as const;
    expect(evaluate(PLAN, measured({ [at]: outcome }), FACTS)[at]).toMatchObject({
      ok: true,
      answeredBy: 'kube-apiserver',
    });
  });

  test('fails every cell of a prober that is down, its address included', () => {
    const cells = evaluate(PLAN, { ...measured(), down: new Map([['lab-worker/pod-b', 'nobody listens']]) }, FACTS);
    const own = cells.filter(({ from }) => from === 'lab-worker/pod-b');
    expect(own.every(({ error, detail }) => error === 'prober-down' && detail === 'nobody listens')).toBe(true);
    expect(own.some(({ row }) => row === 'M16')).toBe(true);
    expect(cells.filter((cell) => cell.from !== 'lab-worker/pod-b' && isFailed(cell))).toEqual([]);
  });

  test('fails a cell that its prober left out', () => {
    const full = measured();
    const cells = evaluate(PLAN, { ...full, results: new Map([...full.results].filter(([id]) => id !== 0)) }, FACTS);
    expect(cells[0]).toMatchObject({ ok: false, error: 'prober-down' });
  });
});

function measured(changes: Readonly<Record<number, ProbeOutcome>> = {}): Measured {
  const results = PLAN.map((planned, id) => {
    const outcome = changes[id] ?? goodOutcome(planned);
    return [id, { id, nonce: 'n', ms: 2, tries: 1, sent: '10.0.0.9', outcome }] as const;
  });
  return { key: KEY, results: new Map(results), down: new Map() };
}

/** What a healthy lab would answer. */
function goodOutcome(planned: PlannedCell): ProbeOutcome {
  if (planned.probe.kind !== 'job') return { kind: 'failure', error: 'timeout', detail: 'not a job' };
  const { expect: wanted } = planned.probe;
  switch (wanted.kind) {
    case 'records':
      return { kind: 'records', records: wanted.records };
    case 'refused':
      return { kind: 'failure', error: 'refused', detail: 'ECONNREFUSED' };
    case 'silence':
    case 'nobody':
      return { kind: 'failure', error: 'timeout', detail: 'no answer' };
    case 'no-such-name':
      return { kind: 'failure', error: 'dns-nxdomain', detail: 'no such name' };
    case 'status':
      return { kind: 'status', status: wanted.status, detail: '' };
    case 'answer':
      return signed(goodAnswer(planned));
  }
}

function goodAnswer(planned: PlannedCell | undefined): IdentityAnswer {
  const wanted = planned?.probe.kind === 'job' ? planned.probe.expect : undefined;
  const identity = (wanted?.kind === 'answer' ? wanted.answerers[0] : undefined)?.replace('*', '1') ?? 'nobody';
  const observed = (wanted?.kind === 'answer' ? wanted.source?.addresses[0] : undefined) ?? '10.0.0.1';
  const asked = wanted?.kind === 'answer' ? wanted.asked : undefined;
  return { identity, nonce: 'n', observed, own: [], ...asked };
}

function signed(answer: IdentityAnswer): ProbeOutcome {
  return { kind: 'answer', answer: { ...answer, signature: signatureOf(KEY.secret, answer) } };
}

function isFailed({ ok, skipped }: MatrixCell): boolean {
  return !ok && skipped === undefined;
}

function find(cells: readonly MatrixCell[], from: string, to: string): MatrixCell | undefined {
  return cells.find((cell) => cell.from === from && cell.to === to);
}
