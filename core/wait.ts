import type { Clock } from './clock.ts';
import { elapsedMs, systemClock } from './clock.ts';
import { KubedrillError } from './errors.ts';

/** One look at a condition: done with a value, or what was seen instead. */
export type Observation<T> =
  { readonly done: true; readonly value: T } | { readonly done: false; readonly observed: string };

export interface WaitOptions {
  /** What is waited for, as it should read in "waiting for …". */
  readonly what: string;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly hint?: string;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Called with every observation that is not yet the one hoped for. */
  readonly onObserve?: (observed: string) => void;
}

/**
 * Looks until the condition is met, and returns its value. A look that throws counts as "not yet", its message as
 * the observation. On time-out the error names what was waited for and the last thing that was seen.
 */
export async function waitFor<T>(look: () => Promise<Observation<T>>, options: WaitOptions): Promise<T> {
  const clock = options.clock ?? systemClock;
  const startNs = clock.monotonicNs();
  for (;;) {
    options.signal?.throwIfAborted();
    const seen = await observe(look);
    if (seen.done) return seen.value;
    options.onObserve?.(seen.observed);
    if (elapsedMs(startNs, clock.monotonicNs()) >= options.timeoutMs) {
      throw new KubedrillError({
        what: `waited ${String(options.timeoutMs / 1000)} s for ${options.what}`,
        why: `last seen: ${seen.observed}`,
        hint: options.hint ?? 'kubedrill status',
      });
    }
    await clock.sleep(options.intervalMs ?? 250, options.signal);
  }
}

export function done<T>(value: T): Observation<T> {
  return { done: true, value };
}

export function notYet(observed: string): Observation<never> {
  return { done: false, observed };
}

async function observe<T>(look: () => Promise<Observation<T>>): Promise<Observation<T>> {
  try {
    return await look();
  } catch (error) {
    return notYet(error instanceof Error ? error.message : String(error));
  }
}
