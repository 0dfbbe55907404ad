/** One of several pieces of work that go on at once; it has to end when `signal` aborts. */
export type Work = (signal: AbortSignal) => Promise<void>;

/**
 * Runs all at once. The first failure (or `outer`) aborts the others; all have ended when this fails, so that nothing goes on behind the back of
 * whoever cleans up. Throws the first error.
 */
export async function together(outer: AbortSignal | undefined, works: readonly Work[]): Promise<void> {
  const group = new AbortController();
  const signal = outer ? AbortSignal.any([outer, group.signal]) : group.signal;
  const failures: unknown[] = [];
  await Promise.all(
    works.map(async (work) => {
      try {
        await work(signal);
      } catch (error) {
        failures.push(error);
        group.abort(error);
      }
    }),
  );
  outer?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
