import type { ProbeOutcome } from '../protocol.ts';
import { failureOf, silence } from './failure.ts';

/** Starts the try; calls `finish` at most once with effect; returns what frees its resources. */
export type Try = (finish: (outcome: ProbeOutcome) => void) => () => void;

/** A time-out is waited for in so many parts. */
const PARTS = 5;

/**
 * Runs one try that ends after `timeoutMs` at the latest, whatever the path does: one that swallows everything counts as
 * `onTimeout`. Never rejects.
 */
export function attempt(
  timeoutMs: number,
  start: Try,
  onTimeout: () => ProbeOutcome = () => silence(timeoutMs, false),
): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    let isOver = false;
    let free = (): void => undefined;
    const finish = (outcome: ProbeOutcome): void => {
      if (isOver) return;
      isOver = true;
      stopWaiting();
      // After the event that brought the outcome is through, for the sake of a try that finishes at once.
      setImmediate(() => free());
      resolve(outcome);
    };
    const stopWaiting = afterRunning(timeoutMs, () => finish(onTimeout()));
    try {
      free = start(finish);
    } catch (error) {
      finish(failureOf(error));
    }
  });
}

/**
 * Calls `then` after that time, in which this process really ran: on a busy machine it may not get the processor for a
 * while, and an answer that waits in the socket meanwhile is not late. Returns what calls it off.
 */
function afterRunning(timeMs: number, then: () => void): () => void {
  let left = PARTS;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    // Timers run before sockets are read: what has come in must win over the last of them.
    setImmediate(then);
  }, timeMs / PARTS);
  return () => clearInterval(timer);
}
