import { API_VERSION, nearest, usageError } from '../core/index.ts';
import { createInquiry, type RuleAnswer } from './explain/inquiry.ts';
import { loadRulesFrom } from './recording/load-rules.ts';
import { recordedEvents, type RecordingOptions } from './recording/recorded-events.ts';
import type { CompiledRule, Ruleset } from './ruleset/index.ts';
import type { SelectOptions } from './ruleset/select-rules.ts';

export interface WhyOptions extends RecordingOptions, SelectOptions {
  readonly rule: string;
  /** Rules files or folders; without them, the rules that the project ships. */
  readonly rules?: readonly string[];
  /** Number of the event to explain; without it, all events are looked through. */
  readonly at?: number;
}

/** What `detector why --json` prints. */
export interface WhyReport extends RuleAnswer {
  readonly apiVersion: string;
}

/**
 * Says why a rule fired on recorded events, or why it did not (see createInquiry for which events it explains). Fails
 * with KubedrillError for a rule or an event that is not there, and as replay() does.
 */
export async function explainRule(options: WhyOptions): Promise<WhyReport> {
  const ruleset = await loadRulesFrom(options.rules);
  const inquiry = createInquiry(ruleset, ruleOf(ruleset, options), options);
  for await (const event of recordedEvents(options)) inquiry.look(event);
  const answer = inquiry.answer();
  if (options.at !== undefined && answer.explained.length === 0) throw noEvent(options.at, answer);
  return { apiVersion: API_VERSION, ...answer };
}

function ruleOf(ruleset: Ruleset, { rule: wanted, rules, events }: WhyOptions): CompiledRule {
  const rule = ruleset.rules.find(({ name }) => name === wanted);
  if (rule !== undefined) return rule;
  const near = nearest(
    wanted,
    ruleset.rules.map(({ name }) => name),
  );
  const where = rules === undefined ? 'the rules of kubedrill' : rules.join(', ');
  throw usageError({
    what: `there is no rule "${wanted}" in ${where}`,
    why: near.length === 0 ? 'no name is near it either' : `the nearest: ${near.join(', ')}`,
    hint: `kubedrill detector why "${near[0] ?? 'RULE'}" --events ${events.join(' ')}`,
  });
}

function noEvent(at: number, { events }: RuleAnswer): Error {
  return usageError({
    what: `there is no event ${String(at)}`,
    why: `none of the ${String(events.read)} events has that number (evt.num)`,
    hint: 'leave out --at to have the nearest misses explained',
  });
}
