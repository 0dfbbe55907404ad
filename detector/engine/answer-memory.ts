import type { FieldValue, Scalar } from '../event/types.ts';
import { isList } from '../event/value-text.ts';
import type { RuleBits } from './sieve.ts';

/** What is known of a value of a field. */
export interface Answers {
  /** The rules whose checks of the field it was put to. */
  asked: RuleBits;
  /** Those of them whose checks it failed. */
  failed: RuleBits;
}

/** More values are not remembered at a time, nor longer ones, so that those who choose them cannot fill the memory. */
const MAX_VALUES = 512;
const MAX_LENGTH = 256;
/** A value that is known earns a point, a new one costs one; without points, so many values are not looked up. */
const MAX_POINTS = 512;
const FIRST_POINTS = 128;
const PAUSE = 4_096;

/**
 * Remembers what values of a field were answered: programs, paths and users are few beside the events that they occur in.
 * Where most values are new, to remember them costs more than it gives, and it is only tried now and then.
 */
export class AnswerMemory {
  readonly #answers = new Map<Scalar | undefined, Answers>();
  #points = FIRST_POINTS;
  #pause = 0;

  /** What is known of the value, to be added to; undefined for a value that is not remembered. */
  of(value: FieldValue | undefined): Answers | undefined {
    if (this.#pause > 0) {
      this.#pause--;
      return undefined;
    }
    if (value !== undefined && isList(value)) return undefined;
    const known = this.#answers.get(value);
    if (known === undefined) return this.#add(value);
    if (this.#points < MAX_POINTS) this.#points++;
    return known;
  }

  #add(value: Scalar | undefined): Answers | undefined {
    if (typeof value === 'string' && value.length > MAX_LENGTH) return undefined;
    if (--this.#points < 0) {
      this.#pause = PAUSE;
      this.#points = FIRST_POINTS;
      this.#answers.clear();
      return undefined;
    }
    if (this.#answers.size >= MAX_VALUES) this.#answers.clear();
    const answers = { asked: 0, failed: 0 };
    this.#answers.set(value, answers);
    return answers;
  }
}
