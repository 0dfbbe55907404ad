import { together } from '../../../labs/together.ts';

/** Ends when it is told to stop, and notes that it has. */
function untilAborted(log: string[], name: string) {
  return (signal: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        log.push(`${name} ended`);
        reject(new Error('aborted'));
      });
    });
}

describe('work that goes on together', () => {
  test('is done when all of it is', async () => {
    const log: string[] = [];
    await together(undefined, [async () => void log.push('a'), async () => void log.push('b')]);
    expect(log).toEqual(['a', 'b']);
  });

  test('ends as a whole when one part fails, with the error of that part', async () => {
    const log: string[] = [];
    const failing = () => Promise.reject(new Error('kind failed'));
    await expect(
      together(undefined, [untilAborted(log, 'apply'), failing, untilAborted(log, 'guard')]),
    ).rejects.toThrow('kind failed');
    expect(log).toEqual(['apply ended', 'guard ended']);
  });

  test('ends as a whole when it is cancelled', async () => {
    const log: string[] = [];
    const outer = new AbortController();
    const work = together(outer.signal, [untilAborted(log, 'kind'), untilAborted(log, 'apply')]);
    outer.abort(new Error('Ctrl-C'));
    await expect(work).rejects.toThrow('Ctrl-C');
    expect(log).toEqual(['kind ended', 'apply ended']);
  });
});
