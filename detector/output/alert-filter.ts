import { isAtLeast } from '../alert/priority.ts';
import type { Priority } from '../alert/types.ts';
import { compileGlob } from '../filter/glob.ts';

/** Which alerts an output wants. */
export interface AlertFilter {
  readonly priority: Priority;
  /** Names of rules, which may be patterns; none means all. */
  readonly rules: readonly string[];
  /** An alert has to have one of them; none means all. */
  readonly tags: readonly string[];
  /** What any of these names is left out, whatever the others say. */
  readonly except: { readonly rules: readonly string[]; readonly tags: readonly string[] };
}

export interface Filtered {
  readonly rule: string;
  readonly priority: Priority;
  readonly tags: readonly string[];
}

/** The filter as a test. */
export function alertFilter({ priority, rules, tags, except }: AlertFilter): (alert: Filtered) => boolean {
  const isWanted = rules.length === 0 ? () => true : anyGlob(rules);
  const isExcepted = anyGlob(except.rules);
  return (alert) =>
    isAtLeast(alert.priority, priority) &&
    isWanted(alert.rule) &&
    (tags.length === 0 || tags.some((tag) => alert.tags.includes(tag))) &&
    !isExcepted(alert.rule) &&
    !except.tags.some((tag) => alert.tags.includes(tag));
}

function anyGlob(patterns: readonly string[]): (text: string) => boolean {
  const tests = patterns.map((pattern) => compileGlob(pattern));
  return (text) => tests.some((matches) => matches(text));
}
