import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentReporter, type Runner } from '../../../../../core/index.ts';
import { buildLanes } from '../../../../../labs/images/build/lanes.ts';
import type { Stage, StageWork } from '../../../../../labs/images/build/stage.ts';

let cache = '';
let log: string[] = [];
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-lanes-'));
  log = [];
});
afterEach(() => rmSync(cache, { recursive: true }));

/** A program that only ends when it is told to. */
const endless: Runner = {
  run: (file, _args, options) =>
    new Promise((_resolve, reject) => {
      options?.signal?.addEventListener('abort', () => {
        log.push(`${file} ended`);
        reject(new Error(`${file} was cancelled`));
      });
    }),
  pipe: () => Promise.reject(new Error('not used')),
  startDetached: () => Promise.reject(new Error('not used')),
};

function stage(name: string, make: (work: StageWork) => Promise<void>): Stage {
  return { name, title: name, inputs: {}, needs: [], tools: [], diskBytes: 0, make };
}
const deps = () => ({ runner: endless, paths: { cache, state: cache }, reporter: silentReporter });

describe('lanes of stages', () => {
  test('run side by side, each in its order', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const note = (name: string, before?: Promise<void>): Stage =>
      stage(name, async () => {
        await before;
        log.push(name);
      });
    const opener = stage('b2', async () => {
      log.push('b2');
      release();
    });
    await buildLanes(
      [
        [note('a1', gate), note('a2')],
        [note('b1'), opener],
      ],
      deps(),
    );
    expect(log).toEqual(['b1', 'b2', 'a1', 'a2']);
  });

  test('when one fails, the programs of the others are ended, and its error is the one that is told', async () => {
    let begun = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const running = stage('compile', async ({ runner }) => {
      const ended = runner.run('go', ['build']);
      begun();
      await ended;
    });
    const failing = stage('fetch', async () => {
      await hasBegun;
      throw new Error('the mirror does not answer');
    });
    const never = stage('after', async () => {
      log.push('after');
    });
    await expect(buildLanes([[running, never], [failing]], deps())).rejects.toThrow('the mirror does not answer');
    expect(log).toEqual(['go ended']);
  });

  test('a signal from outside ends them all', async () => {
    const cancel = new AbortController();
    const running = stage('compile', async ({ runner }) => {
      const ended = runner.run('go', ['build']);
      cancel.abort();
      await ended;
    });
    await expect(buildLanes([[running]], { ...deps(), signal: cancel.signal })).rejects.toThrow('go was cancelled');
  });
});
