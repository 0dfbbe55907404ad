/** The promise's result, or a failure that says why once the signal is aborted; the work itself has to see to its end. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal, why: string): Promise<T> {
  if (signal.aborted) return Promise.reject(new Error(why));
  return new Promise<T>((resolve, reject) => {
    const giveUp = (): void => reject(new Error(why));
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  });
}
