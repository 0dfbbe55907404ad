import { nearest } from '../../core/index.ts';
import { partTexts } from '../explain/parts.ts';
import { parseCondition } from '../filter/parser.ts';
import { expandListNames } from '../ruleset/expand-lists.ts';
import type { CompiledRule, Ruleset } from '../ruleset/types.ts';

export type ExpectedReason =
  | { readonly ok: true; readonly part: string }
  /** No check or macro of the rule. */
  | { readonly ok: false; readonly message: string };

/** Finds the check or macro of a rule that a test names as the rules have it: lists by their names, blanks at will. */
export function expectedReason(text: string, rule: CompiledRule, lists: Ruleset['lists']): ExpectedReason {
  const parsed = parseCondition(expandListNames(text, lists));
  if (!parsed.ok) return { ok: false, message: `"${text}" is no part of a condition: ${parsed.message}` };
  const parts = partTexts(parsed.expression);
  const [part = ''] = parts;
  if (parts.length > 1) return { ok: false, message: `"${text}" is more than one check or macro` };
  const known = partTexts(rule.condition);
  if (known.includes(part)) return { ok: true, part };
  const near = nearest(part, known, 1).map((name) => `; the nearest: ${name}`);
  return { ok: false, message: `the condition has no check or macro "${text}"${near.join('')}` };
}
