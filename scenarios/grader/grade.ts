import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { API_VERSION, KubedrillError, messageOf, type Reporter } from '../../core/index.ts';
import type { MeterReading } from '../../network/index.ts';
import type { Check, CheckContext, Scenario } from '../define.ts';
import type { Journal } from '../journal/journal.ts';
import type { DetectorReading, RunEnvironment } from '../ports.ts';
import { openCurrentRun, type OpenRun } from '../runner/current.ts';
import { holdPaths } from '../runner/paths.ts';
import type { GradeResult } from '../types.ts';
import { alertsAreRight, isForbidden, matchAlerts } from './alerts.ts';
import { allOk, ask, bothOk, scored, withoutGaps, type Findings } from './checks.ts';
import { outagesSince } from './outages.ts';
import { beginRound } from './round.ts';
import { excusedAlerts } from './shortfalls.ts';
import { tampering } from './tampering.ts';
import { unreliable } from './unreliable.ts';

const HOLD_MS = 10_000;
/** What an alert costs that may never come. */
const FORBIDDEN_COST = 10;

export interface GradeOptions {
  /** How long observing checks must hold; default 10,000. */
  readonly holdMs?: number;
}

/** Measures the open run. It stays open, also when it passed. Fails, and grades nothing, when the API server does not answer. */
export async function grade(env: RunEnvironment, options: GradeOptions, reporter: Reporter): Promise<GradeResult> {
  return env.labs.withLock('grade', async () => {
    const run = await openCurrentRun(env);
    const reader = (await env.labs.asGrader()) ?? env;
    await refuseWithoutApi(reader);
    await run.journal.append({ kind: 'grading' });
    let result: GradeResult | undefined;
    try {
      result = await measure({ reader, actor: env }, run, options.holdMs ?? HOLD_MS, reporter);
    } finally {
      // Ends the grader's window also when it failed: what comes after is the learner's again.
      await run.journal.append({ kind: 'graded', passed: result?.passed ?? false, score: result?.score ?? 0 });
    }
    await keep(run.journal, result);
    return result;
  });
}

async function refuseWithoutApi({ session }: RunEnvironment): Promise<void> {
  const answer = await session.kube
    .raw('GET', '/readyz')
    .catch((error: unknown) => ({ status: 0, text: messageOf(error) }));
  if (answer.status === 200) return;
  throw new KubedrillError({
    what: 'cannot grade now: the API server does not answer',
    why: answer.text.trim().slice(0, 200),
    hint: 'bring it back and grade again, or give up with: kubedrill stop',
  });
}

/** Who looks may not change anything; who acts may do all that a learner may. */
interface Graders {
  readonly reader: RunEnvironment;
  readonly actor: RunEnvironment;
}

async function measure(
  { reader, actor }: Graders,
  { scenario, journal }: OpenRun,
  holdMs: number,
  reporter: Reporter,
): Promise<GradeResult> {
  const observing = scenario.checks.filter((check) => check.kind === 'observing');
  const acting = scenario.checks.filter((check) => check.kind === 'acting');
  const round = (): CheckContext<unknown> => beginRound(reader, journal.state(), journal.folder);
  let last = round();
  let findings = await reporter.stage('Looking', () => ask(observing, last));
  if (allHoldThatMust(observing, findings)) {
    const gaps = await reporter.stage(`Looking whether it holds for ${String(holdMs / 1000)} s`, () =>
      gapsOf(observing, last, holdMs),
    );
    last = round();
    findings = withoutGaps(bothOk(findings, await ask(observing, last)), gaps);
  }
  if (allHoldThatMust(observing, findings)) {
    findings = new Map([...findings, ...(await reporter.stage('Trying', () => ask(acting, { ...last, env: actor })))]);
  }
  return resultOf(scenario, journal, findings, last);
}

function allHoldThatMust(checks: readonly Check<unknown>[], findings: Findings): boolean {
  const required = checks.filter((check) => check.weight !== 'counts').map((check) => check.id);
  return allOk(new Map([...findings].filter(([id]) => required.includes(id))));
}

/** Watches the meter; for each check whose paths failed meanwhile, what failed. */
async function gapsOf(
  checks: readonly Check<unknown>[],
  context: CheckContext<unknown>,
  holdMs: number,
): Promise<ReadonlyMap<string, string>> {
  const watched = checks.map((check) => ({ id: check.id, paths: check.paths?.(context) ?? [] }));
  const { clock } = context.env.session;
  const [holds] = await Promise.all([
    Promise.all(watched.map(async ({ id, paths }) => [id, await holdPaths(context.env, paths, holdMs)] as const)),
    holdMs > 0 ? clock.sleep(holdMs) : undefined,
  ]);
  return new Map(holds.flatMap(([id, gap]) => (gap === undefined ? [] : [[id, gap] as const])));
}

async function resultOf(
  scenario: Scenario,
  journal: Journal,
  findings: Findings,
  round: CheckContext<unknown>,
): Promise<GradeResult> {
  const state = journal.state();
  const [matrix, meter, detector] = await Promise.all([round.matrix(), meterOf(round), detectorOf(round)]);
  const checks = scored(scenario.checks, findings);
  const expected = scenario.alerts(round);
  const alerts = matchAlerts({
    seen: detector.alerts,
    expected,
    windows: state.windows,
    intruders: scenario.intruders?.(round) ?? [],
  });
  const required = scenario.checks.filter((check) => check.weight !== 'counts').map((check) => check.id);
  const reasons = [
    ...unreliable(detector, meter, expected),
    ...excusedAlerts(expected, alerts, detector),
    ...(await tampering(round.env, state, alerts, detector)),
  ];
  const earned = checks.reduce((sum, check) => sum + check.points, 0);
  return {
    apiVersion: API_VERSION,
    scenario: scenario.id,
    slug: scenario.slug,
    variant: state.variant,
    seed: state.seed,
    run: state.run,
    passed:
      reasons.length === 0 && alertsAreRight(alerts) && checks.every(({ id, ok }) => ok || !required.includes(id)),
    score: Math.max(0, earned - FORBIDDEN_COST * alerts.filter(isForbidden).length),
    max: checks.reduce((sum, check) => sum + check.max, 0),
    inconclusive: reasons.length > 0,
    inconclusiveReasons: reasons,
    checks,
    requirements: matrix.requirements,
    outages: outagesSince(meter, state.breakAt?.monotonicMs ?? 0),
    alerts,
    answers: state.answers,
    detectorDrops: detector.drops,
    hintsUsed: state.hintsUsed,
  };
}

/** Read anew: the acting checks took their time, and their outages and alerts count too. */
function meterOf({ env }: CheckContext<unknown>): Promise<readonly MeterReading[]> {
  return env.network.readMeter();
}

function detectorOf({ env, state }: CheckContext<unknown>): Promise<DetectorReading> {
  return env.detector.read(Date.parse(state.startedAt));
}

async function keep(journal: Journal, result: GradeResult): Promise<void> {
  const file = join(journal.folder, `grade-${String(journal.state().gradings)}.json`);
  await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
}
