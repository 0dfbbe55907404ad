import type { Clock } from '../../core/clock.ts';
import { loadConfiguration, signatureOf, type Configuration, type ConfigurationPlaces } from './configuration.ts';

/** What has become of changes of the configuration. */
export interface ReloadStats {
  /** From 1; one more with every configuration that was taken. */
  readonly generation: number;
  /** Wall clock, milliseconds since 1970. */
  readonly loadedAtMs: number;
  readonly refused: number;
  /** What it said the last time, when that was refused; absent while the newest one runs. */
  readonly refusal?: Refusal;
}

export interface Refusal {
  readonly atMs: number;
  /** For people, in one line. */
  readonly says: string;
  readonly problems: readonly string[];
}

export interface LiveConfigurationOptions {
  readonly places: ConfigurationPlaces;
  readonly first: Configuration;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Makes a new configuration the one that holds; must not fail half-way. */
  readonly onTaken: (configuration: Configuration) => void;
  /** One line for the log. */
  readonly onLog: (line: string) => void;
  readonly pollMs?: number;
}

/** The kubelet takes up to a minute to bring a ConfigMap; two seconds more are not felt. */
const DEFAULT_POLL_MS = 2_000;

/** Looks whether the configuration or its rules have changed, and takes the new one when all of it is right. */
export class LiveConfiguration {
  readonly #options: LiveConfigurationOptions;
  #generation = 1;
  #loadedAtMs: number;
  #refused = 0;
  #refusal: Refusal | undefined;
  /** Of what was looked at last, taken or not. */
  #signature: string;
  #asked = false;
  #reloading: Promise<void> = Promise.resolve();
  readonly finished: Promise<void>;

  constructor(options: LiveConfigurationOptions) {
    this.#options = options;
    this.#signature = options.first.signature;
    this.#loadedAtMs = options.clock.now().getTime();
    this.finished = this.#watch();
  }

  /** Loads now, whether something has changed or not. */
  reload(): Promise<void> {
    this.#asked = true;
    // One after the other: what was asked for meanwhile is done with the next.
    this.#reloading = this.#reloading.then(() => this.#loadIfAsked());
    return this.#reloading;
  }

  stats(): ReloadStats {
    return {
      generation: this.#generation,
      loadedAtMs: this.#loadedAtMs,
      refused: this.#refused,
      ...(this.#refusal === undefined ? {} : { refusal: this.#refusal }),
    };
  }

  async #watch(): Promise<void> {
    const { clock, signal, places, pollMs = DEFAULT_POLL_MS } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(pollMs, signal).catch(() => undefined);
      if ((await signatureOf(places)) !== this.#signature) await this.reload();
    }
  }

  async #loadIfAsked(): Promise<void> {
    if (!this.#asked) return;
    this.#asked = false;
    const loaded = await loadConfiguration(this.#options.places);
    if (loaded.ok) this.#take(loaded.configuration);
    else this.#refuse(loaded.problems, loaded.signature);
  }

  #take(configuration: Configuration): void {
    const { clock, onTaken, onLog } = this.#options;
    this.#signature = configuration.signature;
    this.#refusal = undefined;
    this.#generation++;
    this.#loadedAtMs = clock.now().getTime();
    onTaken(configuration);
    const { enabled, loaded } = configuration.rules;
    onLog(`configuration ${String(this.#generation)} taken: ${String(enabled)} of ${String(loaded)} rules enabled`);
  }

  #refuse(problems: readonly string[], signature: string): void {
    const now = this.#options.clock.now();
    this.#signature = signature;
    this.#refused++;
    this.#refusal = { atMs: now.getTime(), says: refusalLine(problems, now), problems };
    this.#options.onLog([this.#refusal.says, ...problems.slice(1)].join('\n  '));
  }
}

function refusalLine(problems: readonly string[], now: Date): string {
  const more = problems.length > 1 ? ` (and ${String(problems.length - 1)} more)` : '';
  const time = now.toISOString().slice(11, 19);
  return `the configuration of ${time} was refused, the one before it still holds: ${problems[0] ?? ''}${more}`;
}
