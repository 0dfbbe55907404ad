import type { Alert } from '../alert/types.ts';
import { baseExtractor, type Surroundings } from '../event/base-fields.ts';
import { createFieldTable, type FieldReference, type FieldTable } from '../event/field-table.ts';
import { EVENT_TYPES } from '../event/event-types.ts';
import type { DetectorEvent, EventSource, Extractor } from '../event/types.ts';
import { createProgram, type Program } from '../filter/compile.ts';
import { specialise } from '../filter/specialise.ts';
import type { CompiledRule, Ruleset } from '../ruleset/types.ts';
import { createAlertWriter, type AlertWriter } from './alert-writer.ts';
import { createRuleGroups, type Candidate, type RuleGroup } from './rule-group.ts';

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

/** An engine over the enabled rules of a ruleset. docs/detector-performance.md says how it judges. */
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
  readonly table: FieldTable;
  readonly surroundings: Surroundings;
  readonly program: Program;
  readonly writer: AlertWriter;
  /** The rules that can match, by type of the event; made when the first event of a type comes. */
  readonly groups: Readonly<Record<EventSource, Map<string, readonly RuleGroup[]>>>;
}

const ALL_FIELDS = createFieldTable();

function createState(options: EngineOptions): State {
  const { table = ALL_FIELDS, hostname = '' } = options;
  const surroundings: Surroundings = { hostname, firstTimeNs: undefined, previous: undefined };
  const readField = (field: FieldReference) =>
    baseExtractor(field, surroundings) ?? options.readField?.(field) ?? askEvent(field);
  const program = createProgram({ table, readField });
  return {
    rules: options.ruleset.rules.filter((rule) => rule.enabled),
    matchesAll: options.matching === 'all',
    table,
    surroundings,
    program,
    writer: createAlertWriter(program, hostname),
    groups: { syscall: new Map(), k8s_audit: new Map() },
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
  surroundings.previous = event;
  return alerts;
}

function matchRules(state: State, event: DetectorEvent): readonly Alert[] {
  let alerts: Alert[] | undefined;
  for (const { rules, sift, rests } of groupsFor(state, event)) {
    for (let left = sift(event); left !== 0; left &= left - 1) {
      const index = lowestBit(left);
      const rule = rules[index];
      if (rule === undefined || rests[index]?.(event) !== true) continue;
      (alerts ??= []).push(state.writer.alert(rule, event));
      if (!state.matchesAll) return alerts;
    }
  }
  return alerts ?? NO_ALERTS;
}

/** The number of the lowest bit that is set. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

function groupsFor(state: State, event: DetectorEvent): readonly RuleGroup[] {
  const byType = state.groups[event.source];
  const known = byType.get(event.type);
  if (known !== undefined) return known;
  const candidates = state.rules.flatMap((rule) => candidateOf(rule, event));
  const groups = createRuleGroups(candidates, state.program, state.table);
  byType.set(event.type, groups);
  return groups;
}

/** The rule for events of one type, with what its condition says of types already decided; none if that rules it out. */
function candidateOf(rule: CompiledRule, { source, type }: DetectorEvent): readonly Candidate[] {
  if (rule.source !== source || rule.eventTypes?.has(type) === false) return [];
  const condition = specialise(rule.condition, type);
  return condition === false ? [] : [{ rule, condition }];
}

function eventTypesOfRules(rules: readonly CompiledRule[]): ReadonlySet<string> {
  return new Set(rules.flatMap((rule) => [...(rule.eventTypes ?? EVENT_TYPES.keys())]));
}
