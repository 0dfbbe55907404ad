import type { ProbeOutcome } from '../protocol.ts';
import { failure, failureOf } from './failure.ts';

/** Starts the try; calls `finish` at most once with effect; returns what frees its resources. */
export type Try = (finish: (outcome: ProbeOutcome) => void) => () => void;

/**
 * Runs one try that ends within `timeoutMs` whatever the path does: a path that swallows everything counts as
 * `onTimeout`. Never rejects.
 */
export function attempt(
  timeoutMs: number,
  start: Try,
  onTimeout: ProbeOutcome = failure('timeout', `no answer within ${String(timeoutMs)} ms`),
): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    let isOver = false;
    let free = (): void => undefined;
    const finish = (outcome: ProbeOutcome): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      // After the event that brought the outcome is through, for the sake of a try that finishes at once.
      setImmediate(() => free());
      resolve(outcome);
    };
    // Timers run before sockets are read: an answer that already waits there must win over a timer that came late.
    const timer = setTimeout(() => setImmediate(finish, onTimeout), timeoutMs);
    try {
      free = start(finish);
    } catch (error) {
      finish(failureOf(error));
    }
  });
}
