import { isObject } from '../event/json-path.ts';
import type { JsonValue } from '../event/json.ts';

/** Two sources report an event within seconds of each other, and so many events not within an hour of a lab. */
const REMEMBERED = 20_000;

/**
 * Remembers which audit events were seen, so that one that comes by log and webhook, or in a batch that is sent again, is judged once. Of a
 * request each stage is an event of its own. Keeps the latest, at least `limit` and at most twice as many.
 */
export class AuditSightings {
  readonly #limit: number;
  #latest = new Set<string>();
  #earlier: ReadonlySet<string> = new Set();
  #repeated = 0;

  constructor(limit = REMEMBERED) {
    this.#limit = limit;
  }

  /** How many events were seen before. */
  get repeated(): number {
    return this.#repeated;
  }

  /** True for an event that was not seen before; one without an auditID is always new. */
  isNew(event: JsonValue): boolean {
    const key = keyOf(event);
    if (key === undefined) return true;
    if (this.#latest.has(key) || this.#earlier.has(key)) {
      this.#repeated++;
      return false;
    }
    this.#latest.add(key);
    if (this.#latest.size >= this.#limit) {
      this.#earlier = this.#latest;
      this.#latest = new Set();
    }
    return true;
  }
}

function keyOf(event: JsonValue): string | undefined {
  if (!isObject(event)) return undefined;
  const { auditID, stage } = event;
  return typeof auditID === 'string' && typeof stage === 'string' ? `${auditID} ${stage}` : undefined;
}
