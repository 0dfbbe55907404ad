import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../core/clock.ts';
import type { OutputConfig } from '../config/outputs-schema.ts';
import type { AlertDocument } from './alert-document.ts';
import { Output, type OutputStats } from './output.ts';
import type { Sink } from './sink.ts';

export interface OutputsOptions {
  readonly node: string;
  readonly clock: Clock;
  /** Makes what an output delivers to; nothing is opened before the first alert. */
  readonly sinkFor: (config: OutputConfig) => Sink;
}

/** A removed output may deliver what it still has for so long. */
const GRACE_MS = 2_000;

/** All configured outputs. */
export class Outputs {
  readonly #options: OutputsOptions;
  #outputs: readonly Output[] = [];

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  /** Gives the alert to every output; returns at once. */
  offer(alert: AlertDocument): void {
    for (const output of this.#outputs) output.offer(alert);
  }

  /**
   * Changes to these outputs at once: no alert goes to both the old and the new. One whose configuration is the same
   * goes on; one that is changed hands what it has not delivered to its successor of the same name.
   */
  replace(configs: readonly OutputConfig[]): void {
    const before = this.#outputs;
    this.#outputs = configs.map((config) => {
      const same = before.find((output) => isDeepStrictEqual(output.config, config));
      return same ?? new Output({ ...this.#options, config, sink: this.#options.sinkFor(config) });
    });
    for (const old of before) if (!this.#outputs.includes(old)) this.#dismiss(old);
  }

  /** Outputs to files begin them again. */
  reopen(): void {
    for (const output of this.#outputs) output.reopen();
  }

  /** To be called now and then: alerts that were held back are told of even if no other comes. */
  reportHeldBack(): void {
    for (const output of this.#outputs) output.reportHeldBack();
  }

  stats(): readonly OutputStats[] {
    return this.#outputs.map((output) => output.stats());
  }

  /** Delivers what is queued, for a short while, and ends. */
  async close(): Promise<void> {
    await Promise.all(this.#outputs.map((output) => output.drain(GRACE_MS / 2)));
  }

  #dismiss(old: Output): void {
    const successor = this.#outputs.find(({ config }) => config.name === old.config.name);
    if (successor === undefined) void old.drain(GRACE_MS);
    else successor.inherit(old.retire());
  }
}
