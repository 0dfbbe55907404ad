import { createFormatter, type Formatter } from '../alert/format.ts';
import type { Alert } from '../alert/types.ts';
import { baseExtractor, type Surroundings } from '../event/base-fields.ts';
import { createFieldTable, type FieldReference, type FieldTable } from '../event/field-table.ts';
import { EVENT_TYPES } from '../event/event-types.ts';
import { timeOfDay } from '../event/time-text.ts';
import type { DetectorEvent, EventSource, Extractor, FieldValue } from '../event/types.ts';
import { createProgram, type Predicate, type Program } from '../filter/compile.ts';
import { specialise } from '../filter/specialise.ts';
import type { CompiledRule, Ruleset } from '../ruleset/types.ts';

export interface EngineOptions {
  readonly ruleset: Ruleset;
  /** `first` (default): an event raises at most one alert, of the first rule that matches; `all`: one for each rule. */
  readonly matching?: 'first' | 'all';
  /** Value of `evt.hostname` and of the alerts' `hostname`. */
  readonly hostname?: string;
  /**
   * How fields of the source are read, where that can be had faster than by asking the event by name; undefined for a
   * field leaves it to the event.
   */
  readonly readField?: (field: FieldReference) => Extractor | undefined;
  readonly table?: FieldTable;
}

export interface Engine {
  /** The alerts that an event raises, in the order of the rules. Synchronous; never throws for what an event holds. */
  process(event: DetectorEvent): readonly Alert[];
  /** The event types that any rule of the source can match: the sensor need not send others. */
  eventTypes(source: EventSource): ReadonlySet<string>;
}

/** An engine over the enabled rules of a ruleset. */
export function createEngine(options: EngineOptions): Engine {
  const state = createState(options);
  return {
    process: (event) => processEvent(state, event),
    eventTypes: (source) => eventTypesOfRules(state.rules.filter((rule) => rule.source === source)),
  };
}

interface State {
  readonly rules: readonly CompiledRule[];
  readonly matchesAll: boolean;
  readonly surroundings: Surroundings;
  readonly program: Program;
  /** The rules that can match, by source and type of the event; made when the first event of a type comes. */
  readonly candidates: Map<string, readonly Candidate[]>;
  readonly formatters: Map<CompiledRule, RuleFormatter>;
}

interface Candidate {
  readonly rule: CompiledRule;
  readonly matches: Predicate;
}

interface RuleFormatter {
  readonly output: Formatter;
  readonly extra: readonly (readonly [name: string, formatter: Formatter])[];
}

const ALL_FIELDS = createFieldTable();

function createState(options: EngineOptions): State {
  const surroundings: Surroundings = {
    hostname: options.hostname ?? '',
    firstTimeNs: undefined,
    previousTimeNs: undefined,
  };
  const readField = (field: FieldReference) =>
    baseExtractor(field, surroundings) ?? options.readField?.(field) ?? askEvent(field);
  return {
    rules: options.ruleset.rules.filter((rule) => rule.enabled),
    matchesAll: options.matching === 'all',
    surroundings,
    program: createProgram({ table: options.table ?? ALL_FIELDS, readField }),
    candidates: new Map(),
    formatters: new Map(),
  };
}

function askEvent({ info, argument }: FieldReference): Extractor {
  const { name } = info;
  return (event) => event.field(name, argument);
}

const NO_ALERTS: readonly Alert[] = [];

function processEvent(state: State, event: DetectorEvent): readonly Alert[] {
  const { surroundings } = state;
  state.program.nextEvent();
  surroundings.firstTimeNs ??= event.timeNs;
  const alerts = matchRules(state, event);
  surroundings.previousTimeNs = event.timeNs;
  return alerts;
}

function matchRules(state: State, event: DetectorEvent): readonly Alert[] {
  let alerts: Alert[] | undefined;
  for (const { rule, matches } of candidatesFor(state, event)) {
    if (!matches(event)) continue;
    (alerts ??= []).push(alertOf(state, rule, event));
    if (!state.matchesAll) break;
  }
  return alerts ?? NO_ALERTS;
}

function candidatesFor(state: State, event: DetectorEvent): readonly Candidate[] {
  const key = `${event.source}/${event.type}`;
  const known = state.candidates.get(key);
  if (known !== undefined) return known;
  const candidates = state.rules.flatMap((rule) => candidateOf(state, rule, event));
  state.candidates.set(key, candidates);
  return candidates;
}

/** The rule for events of one type, with what its condition says of types already decided; none if that rules it out. */
function candidateOf(state: State, rule: CompiledRule, { source, type }: DetectorEvent): readonly Candidate[] {
  if (rule.source !== source || rule.eventTypes?.has(type) === false) return [];
  const condition = specialise(rule.condition, type);
  if (condition === false) return [];
  return [{ rule, matches: condition === true ? () => true : state.program.compile(condition) }];
}

function alertOf(state: State, rule: CompiledRule, event: DetectorEvent): Alert {
  const { output, extra } = formatterOf(state, rule);
  const message = output.text(event).text;
  return {
    rule: rule.name,
    priority: rule.priority,
    source: event.source,
    tags: rule.tags,
    timeNs: event.timeNs,
    eventNumber: event.number,
    hostname: state.surroundings.hostname,
    output: `${timeOfDay(event.timeNs)}: ${rule.priority} ${message}`,
    message,
    outputFields: { ...output.values(event), ...extraValues(extra, event) },
    event,
  };
}

function formatterOf(state: State, rule: CompiledRule): RuleFormatter {
  const known = state.formatters.get(rule);
  if (known !== undefined) return known;
  const extractorOf = state.program.extractor.bind(state.program);
  const formatter: RuleFormatter = {
    output: createFormatter(rule.output, extractorOf),
    extra: [...rule.extraFields].map(([name, format]) => [name, createFormatter(format, extractorOf)] as const),
  };
  state.formatters.set(rule, formatter);
  return formatter;
}

/** A field that is a format of one value has that value with its type, and a longer one its text. */
function extraValues(extra: RuleFormatter['extra'], event: DetectorEvent): Readonly<Record<string, FieldValue | null>> {
  return Object.fromEntries(
    extra.map(([name, formatter]) => {
      const values = Object.values(formatter.values(event));
      const [only] = values;
      return [name, values.length === 1 && only !== undefined ? only : formatter.text(event).text];
    }),
  );
}

function eventTypesOfRules(rules: readonly CompiledRule[]): ReadonlySet<string> {
  return new Set(rules.flatMap((rule) => [...(rule.eventTypes ?? EVENT_TYPES.keys())]));
}
