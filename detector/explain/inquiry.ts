import { createEngine, type Engine } from '../engine/index.ts';
import type { DetectorEvent } from '../event/types.ts';
import type { SelectOptions } from '../ruleset/select-rules.ts';
import type { CompiledRule, Place, Ruleset } from '../ruleset/types.ts';
import { createExplainer, type Explainer } from './explain.ts';
import { nearnessOf, type Nearness } from './nearness.ts';
import { obstaclesOfEvent, obstaclesOfEvents, obstaclesOfRule, type EventCounts, type Obstacle } from './obstacles.ts';
import { reasonsOf, type Reason } from './reasons.ts';
import type { Explained, StateReader, Verdict } from './types.ts';

/** How a rule took some events. */
export interface RuleAnswer {
  readonly rule: string;
  readonly source: string;
  readonly priority: string;
  readonly place: Place;
  /** Whether it raises an alert for any of the events. */
  readonly fires: boolean;
  /** What keeps it from firing whatever its condition says. */
  readonly obstacles: readonly Obstacle[];
  readonly events: EventCounts;
  /** Events that fulfil the condition. */
  readonly fulfilled: readonly FulfilledEvent[];
  /** The event that was asked for; else the first that fulfils the condition; else the nearest misses, best first. */
  readonly explained: readonly ExplainedEvent[];
}

export interface FulfilledEvent {
  readonly event: number;
  /** The earlier rule that takes the event where only the first rule that matches counts. */
  readonly overtakenBy?: string;
}

/** The condition of a rule, explained for one event. */
export interface ExplainedEvent {
  readonly event: number;
  readonly type: string;
  readonly verdict: Verdict;
  readonly obstacles: readonly Obstacle[];
  /** How many of the conditions that the rule joins by `and` hold. */
  readonly conditions: Nearness;
  readonly because: readonly Reason[];
  readonly besides: readonly Reason[];
  readonly undecided: readonly string[];
  /** Not for an event of another source, whose fields are others. */
  readonly condition?: Explained;
}

export interface InquiryOptions extends SelectOptions {
  /** Number of the one event to explain. */
  readonly at?: number;
  /** How fields are read; by default as createExplainer() does. */
  readonly readState?: StateReader;
  /** Which of two misses that are equally near is explained; by default the earlier. */
  readonly prefers?: 'earlier' | 'later';
}

/** Watches how a rule takes events. */
export interface Inquiry {
  look(event: DetectorEvent): void;
  answer(): RuleAnswer;
}

/** How many misses are kept. */
const MAX_MISSES = 3;

/**
 * Inquires why a rule fires or not; the rule is taken as its files say it, before selections. Of events that do not
 * fulfil the condition the nearest are explained: only those of a type that the rule looks at, those with the most
 * conditions that hold before others (see nearnessOf), and of equal ones the earlier, if not asked otherwise.
 */
export function createInquiry(ruleset: Ruleset, rule: CompiledRule, options: InquiryOptions = {}): Inquiry {
  const state: State = {
    rule,
    at: options.at,
    order: options.prefers === 'later' ? -1 : 1,
    explainer: createExplainer(rule.condition, options.readState === undefined ? {} : { readState: options.readState }),
    earlier: earlierRules(ruleset, rule),
    read: 0,
    ofSource: 0,
    ofType: 0,
    fulfilled: [],
    first: undefined,
    asked: undefined,
    misses: [],
  };
  return {
    look: (event) => {
      look(state, event);
    },
    answer: () => answerOf(state, obstaclesOfRule(rule, options)),
  };
}

interface State extends EventCounts {
  readonly rule: CompiledRule;
  readonly at: number | undefined;
  readonly order: 1 | -1;
  readonly explainer: Explainer;
  readonly earlier: Engine;
  read: number;
  ofSource: number;
  ofType: number;
  readonly fulfilled: FulfilledEvent[];
  /** The first event that fulfils the condition. */
  first: ExplainedEvent | undefined;
  /** The event that was asked for. */
  asked: ExplainedEvent | undefined;
  misses: readonly ExplainedEvent[];
}

/** The rules that come before it and see the same events. */
function earlierRules(ruleset: Ruleset, rule: CompiledRule): Engine {
  const before = ruleset.rules.slice(0, ruleset.rules.indexOf(rule));
  return createEngine({ ruleset: { ...ruleset, rules: before.filter(({ source }) => source === rule.source) } });
}

function look(state: State, event: DetectorEvent): void {
  const { rule, explainer, at } = state;
  const obstacles = obstaclesOfEvent(rule, event);
  const [earlier] = state.earlier.process(event);
  state.read++;
  if (event.source === rule.source) state.ofSource++;
  if (obstacles.length === 0) state.ofType++;
  if (obstacles.length > 0 && event.number !== at) {
    explainer.pass(event);
    return;
  }
  const found = explainedEvent(explainer.explain(event), event, obstacles);
  if (event.number === at && state.asked?.condition === undefined) state.asked = found;
  if (obstacles.length > 0) return;
  if (found.verdict === 'true') noteFulfilled(state, found, earlier?.rule);
  else state.misses = [...state.misses, found].sort(nearestFirst(state.order)).slice(0, MAX_MISSES);
}

function explainedEvent(condition: Explained, event: DetectorEvent, obstacles: readonly Obstacle[]): ExplainedEvent {
  const facts = { event: event.number, type: event.type, obstacles };
  if (obstacles.some(({ kind }) => kind === 'source')) {
    return { ...facts, verdict: 'false', conditions: { holding: 0, of: 0 }, because: [], besides: [], undecided: [] };
  }
  const { verdict } = condition;
  return { ...facts, verdict, conditions: nearnessOf(condition), ...reasonsOf(condition), condition };
}

function noteFulfilled(state: State, found: ExplainedEvent, overtakenBy: string | undefined): void {
  state.first ??= found;
  state.fulfilled.push({ event: found.event, ...(overtakenBy === undefined ? {} : { overtakenBy }) });
}

function nearestFirst(order: 1 | -1): (a: ExplainedEvent, b: ExplainedEvent) => number {
  return (a, b) => b.conditions.holding - a.conditions.holding || order * (a.event - b.event);
}

function answerOf(state: State, ruleObstacles: readonly Obstacle[]): RuleAnswer {
  const { rule, read, ofSource, ofType, fulfilled, at, asked, first, misses } = state;
  const events = { read, ofSource, ofType };
  const obstacles = at === undefined ? [...ruleObstacles, ...obstaclesOfEvents(rule, events)] : ruleObstacles;
  const explained = at === undefined ? (first === undefined ? misses : [first]) : asked === undefined ? [] : [asked];
  return {
    rule: rule.name,
    source: rule.source,
    priority: rule.priority,
    place: rule.place,
    fires: obstacles.length === 0 && fulfilled.length > 0,
    obstacles,
    events,
    fulfilled,
    explained,
  };
}
