import fc from 'fast-check';
import { runSteps, silentReporter, type Step } from '../../../core/index.ts';

function recordingSteps(count: number, failAt: number | undefined, log: string[]): readonly Step<undefined>[] {
  return Array.from({ length: count }, (_, index) => ({
    title: String(index),
    run: async () => {
      log.push(`run ${String(index)}`);
      if (index === failAt) throw new Error(`step ${String(index)} failed`);
    },
    undo: async () => void log.push(`undo ${String(index)}`),
  }));
}

describe('steps', () => {
  test('wherever one fails, all that were begun are undone, last first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat(7), async (count, at) => {
        const failAt = at % count;
        const log: string[] = [];
        await expect(runSteps(recordingSteps(count, failAt, log), undefined, silentReporter)).rejects.toThrow(
          `step ${String(failAt)} failed`,
        );
        const begun = Array.from({ length: failAt + 1 }, (_, index) => index);
        expect(log).toEqual([
          ...begun.map((index) => `run ${String(index)}`),
          ...begun.reverse().map((index) => `undo ${String(index)}`),
        ]);
      }),
    );
  });

  test('that all succeed are not undone', async () => {
    const log: string[] = [];
    await runSteps(recordingSteps(2, undefined, log), undefined, silentReporter);
    expect(log).toEqual(['run 0', 'run 1']);
  });

  test('go on undoing after an undo that failed, and report it', async () => {
    const warnings: string[] = [];
    const undone: string[] = [];
    const steps: readonly Step<undefined>[] = [
      { title: 'network', run: async () => undefined, undo: async () => void undone.push('network') },
      {
        title: 'cluster',
        run: () => Promise.reject(new Error('no')),
        undo: () => Promise.reject(new Error('engine gone')),
      },
    ];
    await expect(
      runSteps(steps, undefined, { ...silentReporter, warn: (text) => warnings.push(text) }),
    ).rejects.toThrow('no');
    expect(undone).toEqual(['network']);
    expect(warnings).toEqual(['could not undo "cluster": engine gone']);
  });

  test('are not begun once cancelled', async () => {
    const log: string[] = [];
    await expect(
      runSteps(recordingSteps(2, undefined, log), undefined, silentReporter, AbortSignal.abort()),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(log).toEqual([]);
  });
});
