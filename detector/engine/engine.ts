import type { Alert } from '../alert/types.ts';
import type { DetectorEvent, EventSource } from '../event/types.ts';
import type { Ruleset } from '../ruleset/types.ts';

export interface EngineOptions {
  readonly ruleset: Ruleset;
  /** `first` (default): an event raises at most one alert, of the first rule that matches; `all`: one for each rule. */
  readonly matching?: 'first' | 'all';
  /** Value of `evt.hostname` and of the alerts' `hostname`. */
  readonly hostname?: string;
}

export interface Engine {
  /** The alerts that an event raises, in the order of the rules. Synchronous; never throws for what an event holds. */
  process(event: DetectorEvent): readonly Alert[];
  /** The event types that any rule of the source can match: the sensor need not send others. */
  eventTypes(source: EventSource): ReadonlySet<string>;
}

/** An engine over a compiled ruleset. */
export declare function createEngine(options: EngineOptions): Engine;
