import { isAtLeast } from '../alert/priority.ts';
import type { Priority } from '../alert/types.ts';
import { compileGlob } from '../filter/glob.ts';
import type { CompiledRule } from './types.ts';

/** Switches rules on or off by name, which may be a pattern, or by tag. */
export type RuleSelection =
  | { readonly enable: SelectedRules; readonly disable?: never }
  | { readonly disable: SelectedRules; readonly enable?: never };

export interface SelectedRules {
  readonly rule?: string;
  readonly tag?: string;
}

export interface SelectOptions {
  readonly selections?: readonly RuleSelection[];
  /** Rules that are less urgent are switched off. */
  readonly minimumPriority?: Priority;
}

/** Applies selections in their order, the last that matches a rule deciding, and then the priority. */
export function selectRules(
  rules: readonly CompiledRule[],
  { selections = [], minimumPriority = 'Debug' }: SelectOptions,
): readonly CompiledRule[] {
  const switches = selections.map((selection) => ({
    isOn: selection.enable !== undefined,
    matches: matcher(selection.enable ?? selection.disable),
  }));
  return rules.map((rule) => {
    const last = switches.findLast(({ matches }) => matches(rule));
    const isEnabled = last?.isOn ?? rule.enabled;
    return { ...rule, enabled: isEnabled && isAtLeast(rule.priority, minimumPriority) };
  });
}

/** With both a rule and a tag given, a rule has to have both. */
function matcher({ rule, tag }: SelectedRules): (candidate: CompiledRule) => boolean {
  const matchesName = rule === undefined ? () => true : compileGlob(rule);
  if (rule === undefined && tag === undefined) return () => false;
  return ({ name, tags }) => matchesName(name) && (tag === undefined || tags.includes(tag));
}
