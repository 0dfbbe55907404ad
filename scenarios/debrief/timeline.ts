import type { MeterReading } from '../../network/index.ts';
import { actorOf } from '../grader/alerts.ts';
import { outagesSince } from '../grader/outages.ts';
import type { StampedEntry } from '../journal/entry.ts';
import type { RunState } from '../journal/state.ts';
import type { SeenAlert } from '../ports.ts';
import type { LoggedLine, TimelineEntry } from '../types.ts';

/** What the moments of a run are taken from. */
export interface TimelineSources {
  readonly state: RunState;
  readonly entries: readonly StampedEntry[];
  readonly meter: readonly MeterReading[];
  readonly alerts: readonly SeenAlert[];
  /** API users whose acts are the injector's whenever they come. */
  readonly intruders: readonly string[];
  readonly logged: readonly LoggedLine[];
}

/**
 * What happened since the break began, in the order of time: the journal's own steps, when each path failed first and when it came back, the first
 * alert of each rule and actor, and what the components concerned wrote into their logs. Empty before the break.
 */
export function timelineOf(sources: TimelineSources): readonly TimelineEntry[] {
  const { breakAt } = sources.state;
  if (breakAt === undefined) return [];
  const wallMs = Date.parse(breakAt.at);
  const all = [
    ...ownMoments(sources.entries, breakAt.monotonicMs),
    ...outageMoments(sources.meter, breakAt.monotonicMs),
    ...alertMoments(sources, wallMs),
    ...sources.logged.map(({ atMs, says }): TimelineEntry => ({ afterMs: atMs - wallMs, kind: 'log', says })),
  ];
  return all.map((one) => ({ ...one, afterMs: Math.round(one.afterMs) })).sort((a, b) => a.afterMs - b.afterMs);
}

function ownMoments(entries: readonly StampedEntry[], sinceMs: number): readonly TimelineEntry[] {
  return entries
    .filter(({ monotonicMs }) => monotonicMs >= sinceMs)
    .flatMap((entry) => {
      const says = sentenceOf(entry);
      return says === undefined ? [] : [{ afterMs: entry.monotonicMs - sinceMs, kind: 'run' as const, says }];
    });
}

function sentenceOf(entry: StampedEntry): string | undefined {
  switch (entry.kind) {
    case 'step':
      return `broken: ${entry.title}`;
    case 'phase':
      return entry.phase === 'learner' ? 'the symptom is stable; your time begins' : undefined;
    case 'hint':
      return `hint ${String(entry.number)} is read`;
    case 'graded':
      return `graded: ${entry.passed ? 'passed' : 'not passed'}, ${String(entry.score)} points`;
    case 'opened':
    case 'done':
    case 'undone':
    case 'fact':
    case 'solution-shown':
    case 'answers':
    case 'grading':
    case 'closed':
      return undefined;
  }
}

/** Two lines a path, however often it came and went: a path that fails for a share of its calls would fill the page. */
function outageMoments(meter: readonly MeterReading[], sinceMs: number): readonly TimelineEntry[] {
  return meter.flatMap((reading): readonly TimelineEntry[] => {
    const outages = outagesSince([reading], sinceMs);
    const [first] = outages;
    const last = outages.at(-1);
    if (first === undefined || last === undefined) return [];
    const begins = { afterMs: first.firstFailure - sinceMs, kind: 'outage' as const };
    const fails = { ...begins, says: `${reading.path} fails: ${first.error}` };
    if (outages.some(({ open }) => open)) return [{ ...fails, says: `${fails.says} (and does so still)` }];
    const totalMs = outages.reduce((sum, { outageMs }) => sum + outageMs, 0);
    const stretches = outages.length === 1 ? '' : ` in ${String(outages.length)} stretches`;
    const says = `${reading.path} answers again; it was out for ${seconds(totalMs)}${stretches}`;
    return [fails, { ...begins, afterMs: last.firstFailure + last.outageMs - sinceMs, says }];
  });
}

function alertMoments({ alerts, state, intruders }: TimelineSources, wallMs: number): readonly TimelineEntry[] {
  const firsts = new Map<string, TimelineEntry>();
  for (const alert of alerts.filter(({ timeMs }) => timeMs >= wallMs).toSorted((a, b) => a.timeMs - b.timeMs)) {
    const actor = actorOf(alert, state.windows, intruders);
    const key = `${actor}/${alert.rule}`;
    const by = { injector: 'by the break', learner: 'by you', system: 'by the grader' }[actor];
    const says = `alert "${alert.rule}" on ${alert.node} (${by}, told ${String(Math.round(alert.latencyMs))} ms after the act)`;
    if (!firsts.has(key)) firsts.set(key, { afterMs: alert.timeMs - wallMs, kind: 'alert', says });
  }
  return [...firsts.values()];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
