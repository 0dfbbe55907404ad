import type { ExpectedAlert } from '../define.ts';
import type { ActorWindow } from '../journal/state.ts';
import type { SeenAlert } from '../ports.ts';
import type { Actor, GradedAlert } from '../types.ts';

/** Event times are the kernel's or the API server's, journal times ours: room for the difference. */
const CLOCK_SLACK_MS = 250;

export interface AlertMatching {
  readonly seen: readonly SeenAlert[];
  readonly expected: readonly ExpectedAlert[];
  readonly windows: readonly ActorWindow[];
  /** API users whose acts are the injector's whenever they come. */
  readonly intruders?: readonly string[];
}

/**
 * One line for each expected alert, then one for each other rule and actor that was seen (those are `may`). Who did what an
 * alert is about follows from the journal: what falls into none of its windows is the learner's, unless an intruder did it.
 */
export function matchAlerts({ seen, expected, windows, intruders = [] }: AlertMatching): readonly GradedAlert[] {
  const attributed = seen.map((alert) => ({ alert, actor: actorOf(alert, windows, intruders) }));
  const lines = expected.map((expectation) => lineFor(expectation, attributed));
  const used = new Set(expected.flatMap((one) => attributed.filter((candidate) => matches(one, candidate))));
  return [...lines, ...otherLines(attributed.filter((one) => !used.has(one)))];
}

/** Whether the alerts are as the challenge wants them: every `must` in time, and no `never`. */
export function alertsAreRight(alerts: readonly GradedAlert[]): boolean {
  return alerts.every((alert) => !isMissing(alert) && !isForbidden(alert));
}

export function isMissing({ expected, observed, firstLatencyMs, deadlineMs }: GradedAlert): boolean {
  return expected === 'must' && (observed === 0 || (firstLatencyMs ?? 0) > deadlineMs);
}

export function isForbidden({ expected, observed }: GradedAlert): boolean {
  return expected === 'never' && observed > 0;
}

/** Whose act an alert is about. */
export function actorOf(alert: SeenAlert, windows: readonly ActorWindow[], intruders: readonly string[]): Actor {
  // A window that holds the time itself goes before one that only comes near it.
  const window = windowAt(alert.timeMs, windows, 0) ?? windowAt(alert.timeMs, windows, CLOCK_SLACK_MS);
  if (window) return window.actor;
  return intruders.includes(alert.about.user ?? '') ? 'injector' : 'learner';
}

function windowAt(timeMs: number, windows: readonly ActorWindow[], slackMs: number): ActorWindow | undefined {
  return windows.findLast(({ fromMs, toMs }) => timeMs >= fromMs - slackMs && timeMs <= toMs + slackMs);
}

interface Attributed {
  readonly alert: SeenAlert;
  readonly actor: Actor;
}

function lineFor(expectation: ExpectedAlert, attributed: readonly Attributed[]): GradedAlert {
  const matching = attributed.filter((candidate) => matches(expectation, candidate));
  return {
    rule: expectation.rule,
    expected: expectation.expected,
    deadlineMs: expectation.deadlineMs ?? 0,
    actor: expectation.expected === 'must' ? 'injector' : (matching[0]?.actor ?? 'learner'),
    observed: matching.length,
    firstLatencyMs: firstLatency(matching),
  };
}

function matches(expectation: ExpectedAlert, { alert, actor }: Attributed): boolean {
  if (alert.rule !== expectation.rule) return false;
  if (expectation.node !== undefined && alert.node !== expectation.node) return false;
  const counts =
    expectation.expected === 'may' || expectation.actor === 'anybody' || actor === wantedActor(expectation);
  return counts && isAbout(alert, expectation);
}

function isAbout({ about }: SeenAlert, { about: wanted = {} }: ExpectedAlert): boolean {
  return SUBJECT_PARTS.every((part) => wanted[part] === undefined || about[part] === wanted[part]);
}

const SUBJECT_PARTS = ['namespace', 'pod', 'container', 'user'] as const;

function wantedActor({ expected }: ExpectedAlert): Actor {
  return expected === 'must' ? 'injector' : 'learner';
}

function firstLatency(matching: readonly Attributed[]): number | null {
  const [first] = matching.toSorted((a, b) => a.alert.timeMs - b.alert.timeMs);
  return first ? Math.round(first.alert.latencyMs) : null;
}

function otherLines(others: readonly Attributed[]): readonly GradedAlert[] {
  const groups = new Map<string, Attributed[]>();
  for (const other of others) {
    const key = `${other.actor} ${other.alert.rule}`;
    groups.set(key, [...(groups.get(key) ?? []), other]);
  }
  return [...groups.values()].map((group) => ({
    rule: group[0]?.alert.rule ?? '',
    expected: 'may',
    deadlineMs: 0,
    actor: group[0]?.actor ?? 'learner',
    observed: group.length,
    firstLatencyMs: firstLatency(group),
  }));
}
