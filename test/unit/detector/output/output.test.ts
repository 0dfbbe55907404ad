import { waitFor, done, notYet } from '../../../../core/index.ts';
import type { AlertDocument } from '../../../../detector/output/alert-document.ts';
import { HELD_BACK_RULE } from '../../../../detector/output/held-back.ts';
import { Output } from '../../../../detector/output/output.ts';
import { Outputs } from '../../../../detector/output/outputs.ts';
import { DeliveryRefused, type Sink } from '../../../../detector/output/sink.ts';
import { fakeClock } from '../../../support/clock.ts';
import { documentOf, outputOf } from './documents.ts';

/** A receiver that keeps what it gets, and waits or fails as it is told. */
function receiver(behave: (alert: AlertDocument) => Promise<void> = () => Promise.resolve()) {
  const got: AlertDocument[] = [];
  let isClosed = false;
  const sink: Sink = {
    deliver: async (alert) => {
      await behave(alert);
      got.push(alert);
    },
    close: async () => {
      isClosed = true;
    },
  };
  return { got, sink, sequences: () => got.map(({ sequence }) => sequence), isClosed: () => isClosed };
}

function stage(to: { readonly sink: Sink }, config: Readonly<Record<string, unknown>> = {}) {
  const clock = fakeClock(1_700_000_000_000);
  const output = new Output({ config: outputOf('stdout', config), sink: to.sink, node: 'node-1', clock });
  return { clock, output };
}

const numbered = (sequence: number): AlertDocument => documentOf({ sequence });

async function until(what: string, holds: () => boolean): Promise<void> {
  await waitFor(async () => (holds() ? done(true) : notYet('not yet')), { what, timeoutMs: 5_000, intervalMs: 1 });
}

describe('an output', () => {
  test('delivers in order', async () => {
    const to = receiver();
    const { output } = stage(to);
    [1, 2, 3].forEach((n) => {
      output.offer(numbered(n));
    });
    await until('three alerts', () => to.got.length === 3);
    expect(to.sequences()).toEqual([1, 2, 3]);
    expect(output.stats()).toMatchObject({ delivered: 3, queued: 0, dropped: 0 });
  });

  test('never waits for a receiver that hangs: what finds the queue full is dropped and counted', async () => {
    let release = (): void => undefined;
    const to = receiver(() => new Promise((resolve) => (release = resolve)));
    const { output } = stage(to, { queue: 2 });
    output.offer(numbered(1));
    // The worker takes the first from the queue.
    await until('the queue to be empty', () => output.stats().queued === 0);
    for (let n = 2; n <= 1_000; n++) output.offer(numbered(n));
    expect(output.stats()).toMatchObject({ queued: 2, dropped: 997, delivered: 0 });
    release();
    await until('the first to be delivered', () => to.got.length === 1);
  });

  test('tries again what failed, and gives up in the end', async () => {
    let left = 2;
    const to = receiver(async ({ sequence }) => {
      if (sequence === 2 || left-- > 0) throw new Error('no route');
    });
    const { output } = stage(to, { attempts: 3 });
    output.offer(numbered(1));
    output.offer(numbered(2));
    await until('the second to be given up', () => output.stats().failed === 1);
    expect(to.sequences()).toEqual([1]);
    expect(output.stats()).toMatchObject({ delivered: 1, failed: 1, retries: 4, trouble: 'no route' });
  });

  test('does not try again what the receiver refuses', async () => {
    const to = receiver(() => Promise.reject(new DeliveryRefused('HTTP 400')));
    const { output } = stage(to);
    output.offer(numbered(1));
    await until('it to fail', () => output.stats().failed === 1);
    expect(output.stats()).toMatchObject({ retries: 0, trouble: 'HTTP 400' });
  });

  test('counts what its filter does not let through', () => {
    const to = receiver();
    const { output } = stage(to, { priority: 'error' });
    output.offer(documentOf({ priority: 'Warning' }));
    expect(output.stats()).toMatchObject({ filtered: 1, queued: 0 });
  });

  test('tells how many its rate limit held back, before the next one that passes', async () => {
    const to = receiver();
    const { output, clock } = stage(to, { rate: { per_second: 1, burst: 1 } });
    [1, 2, 3].forEach((n) => {
      output.offer(numbered(n));
    });
    clock.advance(1_000);
    output.offer(numbered(4));
    await until('three alerts', () => to.got.length === 3);
    expect(to.got.map(({ rule, output_fields }) => [rule, output_fields['held_back']])).toEqual([
      ['A rule', undefined],
      [HELD_BACK_RULE, 2],
      ['A rule', undefined],
    ]);
    expect(output.stats()).toMatchObject({ heldBack: 2, delivered: 3 });
  });

  test('tells of what was held back even if no other alert comes', async () => {
    const to = receiver();
    const { output } = stage(to, { rate: { per_second: 1, burst: 1 } });
    output.offer(numbered(1));
    output.offer(numbered(2));
    output.reportHeldBack();
    output.reportHeldBack();
    await until('two alerts', () => to.got.length === 2);
    expect(to.got[1]?.output).toContain('1 alerts were held back by the rate limit of the output "out"');
  });
});

describe('outputs that are changed while they run', () => {
  function changing(sinks: Readonly<Record<string, Sink>>) {
    const made: string[] = [];
    const outputs = new Outputs({
      node: 'node-1',
      clock: fakeClock(),
      sinkFor: (config) => {
        const key = `${config.name}/${String(config.attempts)}`;
        made.push(key);
        const sink = sinks[key];
        if (sink === undefined) throw new Error(`no sink ${key}`);
        return sink;
      },
    });
    return { outputs, made };
  }
  const named = (name: string, attempts: number) => outputOf('stdout', { name, attempts });

  test('go on as they were where their configuration is the same', async () => {
    const a = receiver();
    const { outputs, made } = changing({ 'a/1': a.sink, 'b/1': receiver().sink });
    outputs.replace([named('a', 1)]);
    outputs.offer(numbered(1));
    outputs.replace([named('b', 1), named('a', 1)]);
    outputs.offer(numbered(2));
    await until('two alerts', () => a.got.length === 2);
    expect(made).toEqual(['a/1', 'b/1']);
    expect(a.isClosed()).toBe(false);
  });

  test('hand what they have not delivered to their successor, and nothing twice', async () => {
    let release = (): void => undefined;
    const old = receiver(() => new Promise((resolve) => (release = resolve)));
    const next = receiver();
    const { outputs } = changing({ 'a/1': old.sink, 'a/2': next.sink });
    outputs.replace([named('a', 1)]);
    outputs.offer(numbered(1));
    await until('the first to be on its way', () => outputs.stats()[0]?.queued === 0);
    [2, 3].forEach((n) => {
      outputs.offer(numbered(n));
    });
    outputs.replace([named('a', 2)]);
    outputs.offer(numbered(4));
    release();
    await until('the old one to end', () => old.isClosed() && next.got.length === 3);
    expect([old.sequences(), next.sequences()]).toEqual([[1], [2, 3, 4]]);
  });

  test('deliver what they still have when they are removed', async () => {
    const a = receiver();
    const { outputs } = changing({ 'a/1': a.sink });
    outputs.replace([named('a', 1)]);
    [1, 2].forEach((n) => {
      outputs.offer(numbered(n));
    });
    outputs.replace([]);
    outputs.offer(numbered(3));
    await until('the output to end', () => a.isClosed());
    expect(a.sequences()).toEqual([1, 2]);
  });
});
