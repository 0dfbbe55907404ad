import { elapsedMs, type Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { OutputConfig } from '../config/outputs-schema.ts';
import type { Priority } from '../alert/types.ts';
import type { AlertDocument } from './alert-document.ts';
import { alertFilter } from './alert-filter.ts';
import { backoffMs } from './backoff.ts';
import { heldBackNotice } from './held-back.ts';
import { RateLimit } from './rate-limit.ts';
import { DeliveryRefused, type Sink } from './sink.ts';

export interface OutputStats {
  readonly name: string;
  readonly kind: string;
  readonly queued: number;
  readonly delivered: number;
  /** Not wanted by priority, rule or tag. */
  readonly filtered: number;
  readonly heldBack: number;
  /** Found the queue full. */
  readonly dropped: number;
  /** Given up after so many attempts, or refused by the receiver. */
  readonly failed: number;
  readonly retries: number;
  /** Why the latest attempt failed; absent while it works. */
  readonly trouble?: string;
}

export interface OutputOptions {
  readonly config: OutputConfig;
  readonly sink: Sink;
  readonly node: string;
  readonly clock: Clock;
}

/**
 * One output: filter, rate limit, a bounded queue, and a worker that delivers from it one by one, with retries. `offer`
 * never waits and never throws, however slow or dead the receiver is.
 */
export class Output {
  readonly config: OutputConfig;
  readonly #sink: Sink;
  readonly #node: string;
  readonly #clock: Clock;
  readonly #isWanted: ReturnType<typeof alertFilter>;
  readonly #rate: RateLimit | undefined;
  readonly #queue: AlertDocument[] = [];
  readonly #stop = new AbortController();
  #isRetired = false;
  /** Looks for the next alert; undefined while the worker is busy. */
  #wake: (() => void) | undefined;
  /** Taken from the queue, and not yet tried or waiting for its next try. */
  #pending: AlertDocument | undefined;
  #unreported = 0;
  #delivered = 0;
  #filtered = 0;
  #heldBack = 0;
  #dropped = 0;
  #failed = 0;
  #retries = 0;
  #trouble: string | undefined;
  readonly #finished: Promise<void>;

  constructor({ config, sink, node, clock }: OutputOptions) {
    this.config = config;
    this.#sink = sink;
    this.#node = node;
    this.#clock = clock;
    this.#isWanted = alertFilter(config);
    const { rate } = config;
    this.#rate = rate === undefined ? undefined : new RateLimit({ perSecond: rate.per_second, burst: rate.burst });
    this.#finished = this.#work();
  }

  offer(alert: AlertDocument): void {
    if (!this.#isWanted({ ...alert, priority: alert.priority as Priority })) {
      this.#filtered++;
      return;
    }
    if (this.#rate?.take(this.#clock.monotonicNs()) === false) {
      this.#heldBack++;
      this.#unreported++;
      return;
    }
    this.reportHeldBack();
    this.#enqueue(alert);
  }

  /** Tells of what was held back since it was told last; before the next alert that passes, and now and then. */
  reportHeldBack(): void {
    if (this.#unreported === 0) return;
    const notice = heldBackNotice(this.#unreported, this.config.name, this.#node, this.#clock.now());
    this.#unreported = 0;
    this.#enqueue(notice);
  }

  /** Takes over what an output of the same name had not delivered; it was filtered there already. */
  inherit(alerts: readonly AlertDocument[]): void {
    for (const alert of alerts) this.#enqueue(alert);
  }

  reopen(): void {
    this.#sink.reopen?.();
  }

  stats(): OutputStats {
    return {
      name: this.config.name,
      kind: this.config.kind,
      queued: this.#queue.length + (this.#pending === undefined ? 0 : 1),
      delivered: this.#delivered,
      filtered: this.#filtered,
      heldBack: this.#heldBack,
      dropped: this.#dropped,
      failed: this.#failed,
      retries: this.#retries,
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    };
  }

  /** Ends the output at once and answers what it has not delivered; what is just being delivered is brought to its end. */
  retire(): readonly AlertDocument[] {
    this.reportHeldBack();
    const rest = [...(this.#pending === undefined ? [] : [this.#pending]), ...this.#queue.splice(0)];
    this.#pending = undefined;
    this.#isRetired = true;
    this.#stop.abort();
    this.#wake?.();
    return rest;
  }

  /** Delivers what is queued, but for no longer than `graceMs`, and ends. */
  async drain(graceMs: number): Promise<void> {
    this.reportHeldBack();
    const startNs = this.#clock.monotonicNs();
    while (this.#isBusy() && elapsedMs(startNs, this.#clock.monotonicNs()) < graceMs) await this.#clock.sleep(POLL_MS);
    this.#dropped += this.retire().length;
    await Promise.race([this.#finished, this.#clock.sleep(POLL_MS)]);
  }

  #isBusy(): boolean {
    return this.#wake === undefined || this.#queue.length > 0;
  }

  #enqueue(alert: AlertDocument): void {
    if (this.#queue.length >= this.config.queue) {
      this.#dropped++;
      return;
    }
    this.#queue.push(alert);
    this.#wake?.();
  }

  async #work(): Promise<void> {
    while (!this.#isRetired) {
      const next = this.#queue.shift();
      if (next === undefined) await this.#untilWoken();
      else await this.#deliver(next);
    }
    await this.#sink.close();
  }

  #untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  async #deliver(alert: AlertDocument): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#pending = undefined;
      try {
        await this.#sink.deliver(alert, AbortSignal.timeout(this.config.timeout_ms));
        this.#delivered++;
        this.#trouble = undefined;
        return;
      } catch (error) {
        this.#trouble = messageOf(error);
        if (error instanceof DeliveryRefused || attempt >= this.config.attempts || this.#isRetired) {
          this.#failed++;
          return;
        }
      }
      this.#retries++;
      this.#pending = alert;
      await this.#clock.sleep(backoffMs(attempt), this.#stop.signal).catch(() => undefined);
      // Retired meanwhile: it has been handed to somebody else.
      if (this.#stop.signal.aborted) return;
    }
  }
}

const POLL_MS = 20;
