import type { DetectorEvent, Extractor, Scalar } from '../event/types.ts';
import { isList } from '../event/value-text.ts';
import type { Predicate } from '../filter/compile.ts';

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
  /** The rules that the event's value lets pass, and those that do not ask. */
  pass(event: DetectorEvent): RuleBits;
}

/** More values are not remembered at a time, nor longer ones, so that those who choose them cannot fill the memory. */
const MAX_VALUES = 512;
const MAX_LENGTH = 256;

/**
 * A sieve over the checks of a field. A value that was seen before costs one look-up, however many rules ask for it and
 * in whatever way: programs, paths and users are few beside the events that they occur in.
 */
export function createSieve(read: Extractor, checks: readonly FieldCheck[]): Sieve {
  const asking = checks.reduce((bits, { rule }) => bits | rule, 0);
  const remembered = new Map<Scalar | undefined, RuleBits>();
  const ask = (event: DetectorEvent): RuleBits =>
    checks.reduce((bits, { rule, passes }) => (passes(event) ? bits : bits & ~rule), ~0);
  return {
    asking,
    pass: (event) => {
      const value = read(event);
      if (value !== undefined && isList(value)) return ask(event);
      const known = remembered.get(value);
      if (known !== undefined) return known;
      const passing = ask(event);
      if (typeof value === 'string' && value.length > MAX_LENGTH) return passing;
      if (remembered.size >= MAX_VALUES) remembered.clear();
      remembered.set(value, passing);
      return passing;
    },
  };
}
