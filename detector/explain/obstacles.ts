import { isAtLeast } from '../alert/priority.ts';
import type { DetectorEvent } from '../event/types.ts';
import { selectRules, type RuleSelection, type SelectOptions } from '../ruleset/select-rules.ts';
import type { CompiledRule } from '../ruleset/types.ts';

/** Something that keeps a rule from firing whatever its condition says. */
export interface Obstacle {
  readonly kind: 'disabled' | 'selection' | 'priority' | 'source' | 'event-type';
  /** A sentence without a full stop. */
  readonly says: string;
}

/** What keeps a rule, as its files say it, from firing on any event. */
export function obstaclesOfRule(
  rule: CompiledRule,
  { selections = [], minimumPriority }: SelectOptions,
): readonly Obstacle[] {
  const isTooLow = minimumPriority !== undefined && !isAtLeast(rule.priority, minimumPriority);
  const says = `its priority ${rule.priority} is below ${minimumPriority ?? ''}, the lowest that is asked for`;
  return [...switchObstacles(rule, selections), ...(isTooLow ? [{ kind: 'priority', says } as const] : [])];
}

/** What keeps a rule from being asked about an event. */
export function obstaclesOfEvent(rule: CompiledRule, { source, type }: DetectorEvent): readonly Obstacle[] {
  if (source !== rule.source) {
    return [{ kind: 'source', says: `it reads ${rule.source} events, and this is one of ${source}` }];
  }
  if (rule.eventTypes?.has(type) !== false) return [];
  return [{ kind: 'event-type', says: `it looks only at ${typeList(rule)}, and this is ${type}` }];
}

/** How many events there were, and of how many the rule was asked. */
export interface EventCounts {
  readonly read: number;
  readonly ofSource: number;
  readonly ofType: number;
}

/** What keeps a rule from being asked about any of some events. */
export function obstaclesOfEvents(rule: CompiledRule, { read, ofSource, ofType }: EventCounts): readonly Obstacle[] {
  if (ofSource === 0) {
    const says = `it reads ${rule.source} events, and there was none (events read: ${String(read)})`;
    return [{ kind: 'source', says }];
  }
  if (ofType > 0) return [];
  const says = `it looks only at ${typeList(rule)}, and there was none (${rule.source} events read: ${String(ofSource)})`;
  return [{ kind: 'event-type', says }];
}

function switchObstacles(rule: CompiledRule, selections: readonly RuleSelection[]): readonly Obstacle[] {
  const [selected] = selectRules([rule], { selections });
  if (selected?.enabled === true) return [];
  return rule.enabled
    ? [{ kind: 'selection', says: 'a selection of rules switches it off' }]
    : [{ kind: 'disabled', says: 'it is switched off in its file (enabled: false)' }];
}

const SHOWN_TYPES = 6;

function typeList({ eventTypes }: CompiledRule): string {
  const types = [...(eventTypes ?? [])];
  if (types.length === 0) return 'no type of event';
  if (types.length <= SHOWN_TYPES) return types.join(', ');
  return `${types.slice(0, SHOWN_TYPES).join(', ')} and ${String(types.length - SHOWN_TYPES)} more`;
}
