// Outages out of samples. Pure; the prober folds its samples with it, and the room outside reads the result.
import type { FailureClass, MeterReading, Outage } from '../types.ts';

/** Outages that are kept per path. On a path that flaps longer than that the oldest are forgotten; totals stay exact. */
const MAX_OUTAGES = 500;

/** One probe of a path. */
export interface Sample {
  /** When it started: CLOCK_MONOTONIC, milliseconds. */
  readonly t: number;
  /** Why it failed; absent when it did not. */
  readonly error?: FailureClass;
}

interface Stretch {
  readonly first: number;
  readonly last: number;
  readonly error: FailureClass;
}

/** What is known of a path after some samples. */
export interface PathHistory {
  readonly probes: number;
  readonly failures: number;
  readonly closed: readonly Outage[];
  readonly closedMs: number;
  readonly forgotten: number;
  readonly current?: Stretch;
}

export const NO_HISTORY: PathHistory = { probes: 0, failures: 0, closed: [], closedMs: 0, forgotten: 0 };

/**
 * Adds the next sample, in the order of their starts. An outage begins with the first failed probe and lasts until the
 * start of the first good one.
 */
export function addSample(path: string, history: PathHistory, sample: Sample): PathHistory {
  const probes = history.probes + 1;
  if (sample.error !== undefined) {
    const first = history.current ?? { first: sample.t, error: sample.error };
    return { ...history, probes, failures: history.failures + 1, current: { ...first, last: sample.t } };
  }
  if (history.current === undefined) return { ...history, probes };
  const { current, ...rest } = history;
  const outage = outageOf(path, current, sample.t);
  const closed = [...rest.closed, outage];
  const excess = Math.max(0, closed.length - MAX_OUTAGES);
  return {
    ...rest,
    probes,
    closed: closed.slice(excess),
    closedMs: rest.closedMs + outage.outageMs,
    forgotten: rest.forgotten + excess,
  };
}

/** The history as the meter reports it; an outage that is still going on is open, and as long as is known. */
export function readingOf(path: string, history: PathHistory, missedTicks: number): MeterReading {
  const { current, closed, closedMs, probes, failures, forgotten } = history;
  const open = current === undefined ? [] : [outageOf(path, current)];
  return {
    path,
    probes,
    failures,
    missedTicks,
    outages: [...closed, ...open],
    totalOutageMs: closedMs + (open[0]?.outageMs ?? 0),
    lastOk: probes > 0 && current === undefined,
    ...(forgotten === 0 ? {} : { forgottenOutages: forgotten }),
  };
}

function outageOf(path: string, { first, last, error }: Stretch, backAt?: number): Outage {
  return {
    path,
    firstFailure: first,
    lastFailure: last,
    outageMs: (backAt ?? last) - first,
    open: backAt === undefined,
    error,
  };
}
