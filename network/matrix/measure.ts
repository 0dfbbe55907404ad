import { API_VERSION, elapsedMs } from '../../core/index.ts';
import type { ProbeJob, ProbeOrder, ProbeResult, ProberState, RunKey } from '../agent/protocol.ts';
import { askProbers, type Asked, type Said } from '../lab/ask.ts';
import { factsOf, readCluster, type LabFacts } from '../lab/facts.ts';
import { newRunKey } from '../lab/key.ts';
import { probersOf } from '../lab/prober-refs.ts';
import { judgeRequirements } from '../requirements.ts';
import type { MatrixCell, MatrixReport, ProbedLab } from '../types.ts';
import { evaluate, type Measured } from './evaluate.ts';
import { planMatrix } from './plan.ts';
import type { PlannedCell } from './planned-cell.ts';

export interface MatrixOptions {
  /** Rows to measure, e.g. `['M6', 'M8']`; M16 judges by M1 and M2. All when absent. */
  readonly rows?: readonly string[];
  /** How long the first try of a path may take; after silence there is a second one, of twice that. Default 1000 ms. */
  readonly probeTimeoutMs?: number;
}

const KEY_TIMEOUT_MS = 2_000;
const PROBE_TIMEOUT_MS = 1_000;
const RETRY_FACTOR = 2;
/** Time for a set of rules that is half written to become whole. */
const SECOND_LOOK_MS = 300;

/**
 * Measures the whole matrix once: gives every prober a fresh key, lets all of them try all their paths at once, and judges
 * the answers by who answered and whom the answerer saw. A dead path or prober is a failed cell; fails only when the
 * API server does not say what there is to measure.
 */
export async function measureMatrix(lab: ProbedLab, options: MatrixOptions = {}): Promise<MatrixReport> {
  return (await measurePlan(lab, options)).report;
}

/** As `measureMatrix`, with the plan: cells and planned cells stand at the same places. */
export async function measurePlan(
  lab: ProbedLab,
  options: MatrixOptions = {},
): Promise<{ readonly report: MatrixReport; readonly plan: readonly PlannedCell[]; readonly facts: LabFacts }> {
  const startNs = lab.clock.monotonicNs();
  const takenAt = lab.clock.now().toISOString();
  const key = newRunKey();
  const facts = await labFacts(lab, key);
  const plan = planMatrix(facts).filter(({ row }) => options.rows?.includes(row) ?? true);
  const probing: Probing = { lab, plan, facts, key, timeoutMs: options.probeTimeoutMs ?? PROBE_TIMEOUT_MS };
  const first = await probe(probing, () => true);
  const cells = await secondLook(probing, first, evaluate(plan, first, facts));
  const tookMs = elapsedMs(startNs, lab.clock.monotonicNs());
  const report = { apiVersion: API_VERSION, takenAt, tookMs, cells, requirements: judgeRequirements(cells) };
  return { report, plan, facts };
}

/** What there is to probe, and a key in every prober that lives. */
async function labFacts(lab: ProbedLab, key: RunKey): Promise<LabFacts> {
  const asked = probersOf(lab).map((prober) => ({ prober, method: 'POST', path: '/key', body: key }) as const);
  const [said, cluster] = await Promise.all([
    askProbers<ProberState>(lab.channel, asked, { timeoutMs: KEY_TIMEOUT_MS }),
    readCluster(lab.kube),
  ]);
  return factsOf(lab, cluster, said.map(stateIn));
}

function stateIn(said: Said<ProberState>): Parameters<typeof factsOf>[2][number] {
  const { prober } = said;
  if (said.kind === 'failure') return { prober, state: { why: said.why } };
  if (said.body.identity === prober.name) return { prober, state: said.body };
  return { prober, state: { why: `${said.body.identity} listens in its place` } };
}

interface Probing {
  readonly lab: ProbedLab;
  readonly plan: readonly PlannedCell[];
  readonly facts: LabFacts;
  readonly key: RunKey;
  readonly timeoutMs: number;
}

/**
 * Measures the cells that failed at once again, a moment later, and lets that count: rules are being written while one looks.
 * What met silence was tried twice already.
 */
async function secondLook(
  probing: Probing,
  first: Measured,
  cells: readonly MatrixCell[],
): Promise<readonly MatrixCell[]> {
  const isDoubtful = (id: number): boolean => cells[id]?.ok === false && first.results.get(id)?.tries === 1;
  if (!cells.some((_cell, id) => isDoubtful(id))) return cells;
  await probing.lab.clock.sleep(SECOND_LOOK_MS);
  const second = await probe(probing, isDoubtful);
  const results = new Map(first.results);
  for (const [id, result] of second.results) results.set(id, { ...result, tries: result.tries + 1 });
  return evaluate(probing.plan, { ...first, results }, probing.facts);
}

/** Gives each prober its jobs in one request, those of the cells that are meant. */
async function probe(
  { lab, plan, facts, key, timeoutMs }: Probing,
  isMeant: (id: number) => boolean,
): Promise<Measured> {
  const down = new Map(facts.probers.flatMap(({ name, down: why }) => (why === undefined ? [] : [[name, why]])));
  const asked = probersOf(lab)
    .filter(({ name }) => !down.has(name))
    .map((prober): Asked & { readonly body: ProbeOrder } => ({
      prober,
      method: 'POST',
      path: '/probe',
      body: { keyId: key.id, jobs: jobsOf(plan, prober.name, timeoutMs).filter(({ id }) => isMeant(id)) },
    }))
    .filter(({ body }) => body.jobs.length > 0);
  const said = await askProbers<readonly ProbeResult[]>(lab.channel, asked, {
    timeoutMs: timeoutMs * (1 + RETRY_FACTOR),
  });
  const results = new Map<number, ProbeResult>();
  for (const one of said) {
    if (one.kind === 'failure') down.set(one.prober.name, one.why);
    else for (const result of one.body) results.set(result.id, result);
  }
  return { key, results, down };
}

function jobsOf(plan: readonly PlannedCell[], prober: string, timeoutMs: number): readonly ProbeJob[] {
  return plan.flatMap(({ from, probe: planned }, id) =>
    from === prober && planned.kind === 'job'
      ? [{ id, target: planned.target, ...patienceFor(planned, timeoutMs) }]
      : [],
  );
}

/** Where silence is what should come, it is not waited for twice: an answer would be there in a small part of that time. */
function patienceFor(
  { expect }: Extract<PlannedCell['probe'], { kind: 'job' }>,
  timeoutMs: number,
): Pick<ProbeJob, 'timeoutMs' | 'retryTimeoutMs'> {
  const isSilenceRight = expect.kind === 'silence' || expect.kind === 'nobody';
  return isSilenceRight ? { timeoutMs: timeoutMs / 2 } : { timeoutMs, retryTimeoutMs: timeoutMs * RETRY_FACTOR };
}
