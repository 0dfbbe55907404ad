import { join } from 'node:path';
import { done, ExitCode, KubedrillError, messageOf, notYet, waitFor, type Reporter } from '../../core/index.ts';
import type { RunPlan, Scenario } from '../define.ts';
import { findEntry, planRun } from '../find.ts';
import { ownParts } from '../grader/own-parts.ts';
import type { RunStep } from '../faults/step.ts';
import { createJournal, readRunState, type Journal } from '../journal/journal.ts';
import { toJson } from '../json.ts';
import type { RunEnvironment } from '../ports.ts';
import type { RunView, StartOptions } from '../types.ts';
import { contextOf, OWN_PARTS_FACT, RULESETS_FACT, stepContextOf } from './context.ts';
import { viewOf } from './current.ts';
import { waitForSymptom, waitUntilSteady, waiting } from './paths.ts';
import { performStep } from './perform.ts';
import { currentRunFolder, newRunId, runsFolder, savePicture, setCurrentRun } from './run-folder.ts';
import { stopOpenRun } from './stop.ts';

const STEADY_MS = 10_000;

/** One run while it is being started. */
interface Starting {
  readonly env: RunEnvironment;
  readonly scenario: Scenario;
  readonly plan: RunPlan<unknown>;
  readonly journal: Journal;
  readonly reporter: Reporter;
  readonly steadyMs: number;
}

/**
 * Breaks the lab; resolves when the symptom is stable. What fails before leaves the lab as it was. A cancelled start
 * (exit code 130) leaves an open run, since its signal also ends what would clean up; `stop` then takes it back.
 */
export async function start(
  env: RunEnvironment,
  idOrSlug: string,
  options: StartOptions,
  reporter: Reporter,
): Promise<RunView> {
  const scenario = await findEntry(env.catalogue, idOrSlug).scenario();
  const plan = planRun(scenario, env.session, options);
  refuseWrongLab(scenario, env);
  return env.labs.withLock(`start ${scenario.id}`, async () => {
    await refuseSecondRun(env);
    await refuseUnmet(env, scenario, plan);
    const starting = await open(env, scenario, plan, reporter, options.steadyMs ?? STEADY_MS);
    try {
      await breakLab(starting);
    } catch (error) {
      throw await cleanUpAfter(error, starting);
    }
    return viewOf(env, starting.journal.state());
  });
}

function refuseWrongLab(scenario: Scenario, { session }: RunEnvironment): void {
  const { topology, addons } = session.lab;
  const why = scenario.topologies.includes(topology)
    ? scenario.needsIngress && addons === 'core'
      ? 'this lab has no ingress'
      : undefined
    : `it needs the topology ${scenario.topologies.join(' or ')}, and this lab is ${topology}`;
  if (why === undefined) return;
  throw new KubedrillError({
    what: `${scenario.id} ${scenario.slug} cannot be played in the lab "${session.lab.name}"`,
    why,
    hint: `kubedrill up --topology ${scenario.topologies[0] ?? 'std'} --addons std --name other`,
    exitCode: ExitCode.usage,
  });
}

async function refuseSecondRun(env: RunEnvironment): Promise<void> {
  const folder = await currentRunFolder(env.session);
  if (folder === undefined) return;
  const { state } = await readRunState(folder);
  if (state.phase === 'closed') return;
  throw new KubedrillError({
    what: 'a challenge is running in this lab already',
    why: `${state.scenario === '' ? 'a run' : state.scenario}, begun ${state.startedAt}, is in the phase "${state.phase}"`,
    hint: 'kubedrill stop',
  });
}

async function open(
  env: RunEnvironment,
  scenario: Scenario,
  plan: RunPlan<unknown>,
  reporter: Reporter,
  steadyMs: number,
): Promise<Starting> {
  const { session } = env;
  const run = newRunId(session.clock, scenario.id);
  const journal = await createJournal(join(runsFolder(session), run), session.clock);
  const { seed, variant, parameters } = plan;
  await journal.append({ kind: 'opened', run, scenario: scenario.id, variant, seed, parameters: toJson(parameters) });
  await setCurrentRun(session, run);
  return { env, scenario, plan, journal, reporter, steadyMs };
}

async function breakLab(starting: Starting): Promise<void> {
  const { env, scenario, journal, reporter } = starting;
  const { signal } = env.session;
  const context = contextOf(env, journal.state());
  await reporter.stage('Taking a picture of the lab', async () => {
    // Before the picture: its rights are the lab's, and no residue.
    await env.labs.prepareGrader();
    await savePicture(journal.folder, await env.labs.takeSnapshot());
  });
  await journal.append({ kind: 'phase', phase: 'setup' });
  const { rulesets } = await env.detector.read(Date.parse(journal.state().startedAt));
  await journal.append({ kind: 'fact', key: RULESETS_FACT, value: toJson(rulesets) });
  await journal.append({ kind: 'fact', key: OWN_PARTS_FACT, value: toJson(await ownParts(env.session.kube)) });
  const measured = scenario.measured(context, await env.network.standardPaths());
  await perform(starting, [meterStep(measured), ...scenario.setup(context)], 'Setting up');
  await journal.append({ kind: 'phase', phase: 'steady' });
  await reporter.stage('Waiting for a steady state', (detail) =>
    waitUntilSteady(env, scenario.steady(contextOf(env, journal.state()), measured), starting.steadyMs, detail),
  );
  signal?.throwIfAborted();
  await journal.append({ kind: 'phase', phase: 'break' });
  const broken = contextOf(env, journal.state());
  await perform(starting, scenario.breaks(broken), 'Breaking the lab');
  await reporter.stage('Waiting for the symptom', (detail) =>
    waitForSymptom(env, scenario.symptom(contextOf(env, journal.state())), detail),
  );
  signal?.throwIfAborted();
  await journal.append({ kind: 'phase', phase: 'learner' });
}

/** Titles of steps tell the cause, so the learner only sees the stage. */
async function perform(
  { env, plan, journal, reporter }: Starting,
  steps: readonly RunStep[],
  stage: string,
): Promise<void> {
  await reporter.stage(stage, async (detail) => {
    for (const [index, step] of steps.entries()) {
      env.session.signal?.throwIfAborted();
      detail(`${String(index + 1)} of ${String(steps.length)}`);
      await performStep(
        journal,
        step,
        stepContextOf(env, journal, plan, () => undefined),
      );
    }
  });
}

function meterStep(paths: Parameters<RunEnvironment['network']['startMeter']>[0]): RunStep {
  return {
    title: 'start the outage meter',
    undo: async () => [{ action: 'meter.stop', args: {} }],
    run: ({ env }) => env.network.startMeter(paths),
  };
}

/** A lab that has just come up, or was just restored, may need a moment. */
const REQUIRES_TIMEOUT_MS = 30_000;

async function refuseUnmet(env: RunEnvironment, scenario: Scenario, plan: RunPlan<unknown>): Promise<void> {
  const context = { env, ...plan, run: 'none', fact: () => undefined };
  try {
    await waitFor(
      async () => {
        const unmet = (await scenario.requires(context)).filter((condition) => !condition.ok);
        if (unmet.length === 0) return done(undefined);
        return notYet(unmet.map(({ says, observed }) => `${says} (${observed})`).join('; '));
      },
      { ...waiting(env), what: 'what the challenge requires', timeoutMs: REQUIRES_TIMEOUT_MS },
    );
  } catch (error) {
    if (!(error instanceof KubedrillError)) throw error;
    throw new KubedrillError({
      what: `${scenario.id} cannot be played in this lab right now`,
      why: error.why,
      hint: 'kubedrill status; kubedrill down && kubedrill up gives a fresh lab',
      cause: error,
    });
  }
}

/** What to throw after a start that failed: the error itself when the lab is clean again, else how to clean it. */
async function cleanUpAfter(error: unknown, { env, journal, reporter }: Starting): Promise<unknown> {
  const cancelled = env.session.signal?.aborted === true;
  const isClean = await cleanUp(env, journal.folder, reporter, cancelled ? 'afresh' : 'same');
  const why = cancelled ? `the run ${journal.state().run} was interrupted` : messageOf(error);
  if (isClean && !cancelled) return error;
  return new KubedrillError({
    what: cancelled ? 'the start was cancelled' : 'the challenge could not be started',
    why: `${why}; ${isClean ? 'everything was taken back' : 'not all of it could be taken back'}`,
    hint: isClean ? 'start it again' : 'kubedrill stop; if that fails too: kubedrill down && kubedrill up',
    exitCode: cancelled ? ExitCode.cancelled : ExitCode.failed,
    cause: error,
  });
}

async function cleanUp(
  env: RunEnvironment,
  folder: string,
  reporter: Reporter,
  session: 'same' | 'afresh',
): Promise<boolean> {
  try {
    const { residue } = await stopOpenRun(session === 'same' ? env : await env.labs.afresh(), folder, reporter);
    return residue.length === 0;
  } catch (error) {
    reporter.warn(`could not clean up: ${messageOf(error)}`);
    return false;
  }
}
