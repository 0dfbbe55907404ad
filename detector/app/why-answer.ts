import { setImmediate } from 'node:timers/promises';
import { nearest } from '../../core/nearest.ts';
import { rfc3339Time } from '../event/time-text.ts';
import type { DetectorEvent } from '../event/types.ts';
import { SyscallEvent } from '../enrich/syscall-event.ts';
import { recordedState } from '../explain/explain.ts';
import { createInquiry, type RuleAnswer } from '../explain/inquiry.ts';
import type { Ruleset } from '../ruleset/types.ts';

/** What a detector says when it is asked why a rule did not fire. */
export type NodeWhy =
  | {
      readonly kind: 'answer';
      readonly node: string;
      readonly answer: RuleAnswer;
      /** When the events that the answer names happened, by their number; ISO 8601, UTC. */
      readonly times: Readonly<Record<number, string>>;
    }
  | { readonly kind: 'unknown-rule'; readonly node: string; readonly nearest: readonly string[] };

export interface WhyQuestion {
  readonly rule: string;
  /** Number of the event to explain. */
  readonly at?: number;
}

/** So many events are explained before others get their turn: about 5 ms. */
const EVENTS_AT_ONCE = 100;

/** Asks a rule about events of the recent past, in the order of their coming; stays out of the way of new ones. */
export async function answerWhy(
  node: string,
  ruleset: Ruleset,
  events: readonly DetectorEvent[],
  { rule: name, at }: WhyQuestion,
): Promise<NodeWhy> {
  const rule = ruleset.rules.find((one) => one.name === name);
  if (rule === undefined) {
    return {
      kind: 'unknown-rule',
      node,
      nearest: nearest(
        name,
        ruleset.rules.map((one) => one.name),
      ),
    };
  }
  const inquiry = createInquiry(ruleset, rule, {
    ...(at === undefined ? {} : { at }),
    // People mean what they have just tried.
    prefers: 'later',
    readState: (event, field) =>
      event instanceof SyscallEvent ? event.state(field.info.name, field.argument) : recordedState(event, field),
  });
  for (const [n, event] of events.entries()) {
    inquiry.look(event);
    if (n % EVENTS_AT_ONCE === EVENTS_AT_ONCE - 1) await setImmediate();
  }
  const answer = inquiry.answer();
  return { kind: 'answer', node, answer, times: timesOf(answer, events) };
}

function timesOf(
  { explained, fulfilled, source }: RuleAnswer,
  events: readonly DetectorEvent[],
): Record<number, string> {
  const named = new Set([...explained, ...fulfilled].map(({ event }) => event));
  return Object.fromEntries(
    events
      .filter((event) => event.source === source && named.has(event.number))
      .map(({ number, timeNs }) => [number, rfc3339Time(timeNs)]),
  );
}
