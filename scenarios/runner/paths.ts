import { done, KubedrillError, notYet, waitFor, type WaitOptions } from '../../core/index.ts';
import type { MeterReading } from '../../network/index.ts';
import type { RunEnvironment } from '../ports.ts';

/** Time for a lab that is up to show a steady state. */
const STEADY_TIMEOUT_MS = 60_000;
/** Time for a fault to show. */
const SYMPTOM_TIMEOUT_MS = 45_000;
/** Five bad samples in a row, at 20 a second. */
const SYMPTOM_MS = 200;
/** Twice the time-out of a probe. */
const SETTLE_LOOKS = 8;
const SETTLE_LOOK_MS = 250;
/** A busy machine loses a probe now and then, seen as 1 in 200; a dead endpoint among n costs every n-th. */
const TOLERATED_SHARE = 0.02;

/**
 * Waits until the paths have not failed for `steadyMs`. Fails when they do not within a minute: then it is the environment
 * that is broken, and nothing of ours.
 */
export async function waitUntilSteady(
  env: RunEnvironment,
  paths: readonly string[],
  steadyMs: number,
  detail: (text: string) => void,
): Promise<void> {
  try {
    await waitFor(
      async () => {
        const problem = await holdPaths(env, paths, steadyMs);
        return problem === undefined ? done(undefined) : notYet(problem);
      },
      { ...waiting(env), what: 'a steady state', timeoutMs: STEADY_TIMEOUT_MS, onObserve: detail },
    );
  } catch (error) {
    if (!(error instanceof KubedrillError)) throw error;
    throw new KubedrillError({
      what: 'the lab is not in a steady state, so nothing was broken',
      why: error.why,
      hint: 'kubedrill net matrix; kubedrill down && kubedrill up gives a fresh lab',
      cause: error,
    });
  }
}

/** Waits until each path has failed five times in a row. */
export async function waitForSymptom(
  env: RunEnvironment,
  paths: readonly string[],
  detail: (text: string) => void,
): Promise<void> {
  await waitFor(
    async () => {
      const readings = await env.network.readMeter();
      const answering = paths.filter((path) => !isDown(readings.find((reading) => reading.path === path)));
      return answering.length === 0 ? done(undefined) : notYet(`${answering.join(', ')} still answer`);
    },
    { ...waiting(env), what: 'the symptom', timeoutMs: SYMPTOM_TIMEOUT_MS, onObserve: detail },
  );
}

/**
 * Watches the paths for a while; says what failed, or undefined when nothing did and every path was really probed. A path
 * fails by more than one lost probe in fifty (one in any case), so that the noise of a busy machine is no outage.
 */
export async function holdPaths(
  env: RunEnvironment,
  paths: readonly string[],
  holdMs: number,
): Promise<string | undefined> {
  if (paths.length === 0) return undefined;
  const { clock, signal } = env.session;
  const before = await settled(env, paths);
  const failing = before.filter(isFailing).map(describe);
  if (failing.length > 0) return failing.join('; ');
  if (holdMs > 0) await clock.sleep(holdMs, signal);
  const after = pick(await env.network.readMeter(), paths);
  const problems = after.flatMap((reading) => {
    const earlier = before.find(({ path }) => path === reading.path);
    const problem = problemBetween(earlier ?? notMeasured(reading.path), reading);
    return problem === undefined ? [] : [problem];
  });
  return problems.length === 0 ? undefined : problems.join('; ');
}

/**
 * The paths' readings, as soon as none fails or after a moment: a probe that runs into its time-out holds back the good ones
 * that began after it.
 */
async function settled(env: RunEnvironment, paths: readonly string[]): Promise<readonly MeterReading[]> {
  const { clock, signal } = env.session;
  for (let look = 1; ; look += 1) {
    const readings = pick(await env.network.readMeter(), paths);
    if (look === SETTLE_LOOKS || !readings.some(isFailing)) return readings;
    await clock.sleep(SETTLE_LOOK_MS, signal);
  }
}

function isFailing(reading: MeterReading): boolean {
  return reading.probes === 0 || isDown(reading);
}

function problemBetween(before: MeterReading, after: MeterReading): string | undefined {
  const probes = after.probes - before.probes;
  const failures = after.failures - before.failures;
  if (probes <= 0) return `${after.path}: no probe ran`;
  if (failures <= Math.max(1, probes * TOLERATED_SHARE) && !isDown(after)) return undefined;
  return describe({ ...after, probes, failures });
}

function pick(readings: readonly MeterReading[], paths: readonly string[]): readonly MeterReading[] {
  return paths.map((path) => readings.find((reading) => reading.path === path) ?? notMeasured(path));
}

function notMeasured(path: string): MeterReading {
  return { path, probes: 0, failures: 0, missedTicks: 0, outages: [], totalOutageMs: 0, lastOk: false };
}

function describe({ path, probes, failures, outages }: MeterReading): string {
  if (probes === 0) return `${path}: not measured`;
  const error = outages.at(-1)?.error;
  return `${path}: ${String(failures)} of ${String(probes)} probes failed${error === undefined ? '' : ` (${error})`}`;
}

function isDown(reading: MeterReading | undefined): boolean {
  const last = reading?.outages.at(-1);
  return last !== undefined && last.open && last.lastFailure - last.firstFailure >= SYMPTOM_MS;
}

/** The lab's clock, and what Ctrl-C sets. */
export function waiting({ session: { clock, signal } }: RunEnvironment): Pick<WaitOptions, 'clock' | 'signal'> {
  return { clock, ...(signal === undefined ? {} : { signal }) };
}
