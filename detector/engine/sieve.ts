import type { DetectorEvent, Extractor } from '../event/types.ts';
import type { Predicate } from '../filter/compile.ts';
import { AnswerMemory } from './answer-memory.ts';

/** A set of rules, a bit for each. */
export type RuleBits = number;

/** What one rule asks of a field: an answer that follows from the value of the field alone. */
export interface FieldCheck {
  /** The bit of the rule. */
  readonly rule: RuleBits;
  readonly passes: Predicate;
}

/** Lets those rules pass whose checks of one field an event fulfils. */
export interface Sieve {
  /** The rules that have checks of the field. */
  readonly asking: RuleBits;
  /** Of the rules that are left, those that the event's value lets pass, and those that do not ask. */
  pass(event: DetectorEvent, left: RuleBits): RuleBits;
}

/**
 * A sieve over the checks of a field. A value that was seen before costs one look-up, however many rules ask for it and
 * in whatever way; a new one is put to the checks of the rules that are left.
 */
export function createSieve(read: Extractor, checks: readonly FieldCheck[]): Sieve {
  const asking = checks.reduce((bits, { rule }) => bits | rule, 0);
  const memory = new AnswerMemory();
  return {
    asking,
    pass: (event, left) => {
      const answers = memory.of(read(event));
      if (answers === undefined) return left & ~failing(event, checks, left);
      const unasked = left & asking & ~answers.asked;
      if (unasked !== 0) {
        answers.failed |= failing(event, checks, unasked);
        answers.asked |= unasked;
      }
      return left & ~answers.failed;
    },
  };
}

/** Of the given rules, those whose checks the event fails. */
function failing(event: DetectorEvent, checks: readonly FieldCheck[], rules: RuleBits): RuleBits {
  let open = rules;
  for (const { rule, passes } of checks) if ((open & rule) !== 0 && !passes(event)) open &= ~rule;
  return rules & ~open;
}
