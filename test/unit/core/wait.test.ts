import { done, notYet, waitFor } from '../../../core/index.ts';
import { fakeClock } from '../../support/clock.ts';

describe('waiting', () => {
  test('answers the value once the condition is met', async () => {
    let looks = 0;
    const look = async () => (++looks < 3 ? notYet('pending') : done('ready'));
    await expect(waitFor(look, { what: 'a pod', timeoutMs: 5000, clock: fakeClock() })).resolves.toBe('ready');
    expect(looks).toBe(3);
  });

  test('names what was waited for and what was last seen when time is up', async () => {
    const waiting = waitFor(async () => notYet('0 of 3 Ready'), {
      what: 'the nodes',
      timeoutMs: 3000,
      clock: fakeClock(),
    });
    await expect(waiting).rejects.toMatchObject({ what: 'waited 3 s for the nodes', why: 'last seen: 0 of 3 Ready' });
  });

  test('takes a look that throws as one that saw nothing yet', async () => {
    const answers = [() => Promise.reject(new Error('connection refused')), async () => done(1)];
    const seen: string[] = [];
    const look = () => (answers.shift() ?? (() => Promise.reject(new Error('asked too often'))))();
    await waitFor(look, { what: 'x', timeoutMs: 1000, clock: fakeClock(), onObserve: (text) => seen.push(text) });
    expect(seen).toEqual(['connection refused']);
  });

  test('ends at once when it is cancelled', async () => {
    const waiting = waitFor(async () => notYet('x'), {
      what: 'x',
      timeoutMs: 1000,
      clock: fakeClock(),
      signal: AbortSignal.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
