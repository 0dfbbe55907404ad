import type { MeterState, MeterTransition } from '../agent/protocol.ts';
import { askProbers, type Said } from '../lab/ask.ts';
import { probersOf } from '../lab/prober-refs.ts';
import type { MeterPath, MeterReading, ProbedLab } from '../types.ts';

const TIMEOUT_MS = 3_000;

/** How far each prober's transitions have been read. */
export type MeterCursor = Readonly<Record<string, number>>;

export interface Transitions {
  /** Pass it to the next call. */
  readonly cursor: MeterCursor;
  /** In the order of their times. */
  readonly transitions: readonly MeterTransition[];
  /** Transitions that were overwritten before they were read, over all probers. */
  readonly lost: number;
}

/**
 * What the meter has seen since it was started. A path whose prober is gone, or has forgotten it, is an outage of class
 * `prober-down` for the whole time: nothing is known of it. `paths` names those that must be there; what the probers
 * themselves remember when absent. Empty when no meter runs.
 */
export async function readMeter(lab: ProbedLab, paths?: readonly MeterPath[]): Promise<readonly MeterReading[]> {
  return readingsIn(await askMeters(lab, {}), paths);
}

/** What began to fail or came back since the last call, and the first look at each path. */
export async function transitions(lab: ProbedLab, since: MeterCursor = {}): Promise<Transitions> {
  return transitionsIn(await askMeters(lab, since), since);
}

/** Pure part of `readMeter`. */
export function readingsIn(said: readonly Said<MeterState>[], paths?: readonly MeterPath[]): readonly MeterReading[] {
  const states = said.flatMap((one) => (one.kind === 'answer' ? [one.body] : []));
  const expected = paths ?? longest(states.map(({ roster }) => roster));
  const nowMs = Math.max(0, ...states.map((state) => state.nowMs));
  return expected.map(({ name, from }) => {
    const state = said.find((one) => one.prober.name === from);
    const reading = state?.kind === 'answer' ? state.body.readings.find(({ path }) => path === name) : undefined;
    return reading ?? unknownReading(name, state?.kind === 'answer' ? state.body.startedAtMs : nowMs, nowMs);
  });
}

/** Pure part of `transitions`. */
export function transitionsIn(said: readonly Said<MeterState>[], since: MeterCursor): Transitions {
  const answered = said.flatMap((one) =>
    one.kind === 'answer' ? [{ prober: one.prober.name, found: one.body.transitions }] : [],
  );
  const lost = answered.map(({ prober, found }) => {
    const first = found[0]?.seq;
    return first === undefined ? 0 : Math.max(0, first - (since[prober] ?? 0) - 1);
  });
  return {
    cursor: {
      ...since,
      ...Object.fromEntries(answered.map(({ prober, found }) => [prober, found.at(-1)?.seq ?? since[prober] ?? 0])),
    },
    transitions: answered.flatMap(({ found }) => found).sort((a, b) => a.t - b.t),
    lost: lost.reduce((sum, count) => sum + count, 0),
  };
}

function askMeters(lab: ProbedLab, since: MeterCursor): Promise<readonly Said<MeterState>[]> {
  const asked = probersOf(lab).map(
    (prober) => ({ prober, method: 'GET', path: `/meter?since=${String(since[prober.name] ?? 0)}` }) as const,
  );
  return askProbers<MeterState>(lab.channel, asked, { timeoutMs: TIMEOUT_MS });
}

/** Any prober that has kept its memory knows all paths of the run. */
function longest(rosters: readonly (readonly MeterPath[])[]): readonly MeterPath[] {
  return rosters.reduce((best, roster) => (roster.length > best.length ? roster : best), []);
}

function unknownReading(path: string, sinceMs: number, nowMs: number): MeterReading {
  const outageMs = nowMs - sinceMs;
  return {
    path,
    probes: 0,
    failures: 0,
    missedTicks: 0,
    outages: [{ path, firstFailure: sinceMs, lastFailure: nowMs, outageMs, open: true, error: 'prober-down' }],
    totalOutageMs: outageMs,
    lastOk: false,
  };
}
