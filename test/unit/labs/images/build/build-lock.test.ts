import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentReporter, type Reporter } from '../../../../../core/index.ts';
import { withBuildLock } from '../../../../../labs/images/build/build-lock.ts';
import { buildFolder } from '../../../../../labs/images/build/stage.ts';
import { scriptedRunner } from '../../../../support/scripted-runner.ts';

let cache = '';
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'kd-lock-'));
});
afterEach(() => rmSync(cache, { recursive: true }));

const deps = (reporter: Reporter = silentReporter) => ({
  runner: scriptedRunner(),
  paths: { cache, state: cache },
  reporter,
});

describe('the build lock', () => {
  test('lets one build in at a time; the other says that it waits', async () => {
    const log: string[] = [];
    let leave = (): void => undefined;
    const inside = new Promise<void>((resolve) => (leave = resolve));
    // The first goes on only when the second has said that it waits.
    const reporter: Reporter = {
      ...silentReporter,
      stage: (title, work) => {
        log.push(title);
        leave();
        return work(() => undefined);
      },
    };
    await withBuildLock(deps(), async () => {
      const second = withBuildLock(deps(reporter), async () => {
        log.push('second');
      });
      await inside;
      log.push('first');
      return { second };
    }).then(({ second }) => second);
    expect(log).toEqual(['Wait for another build', 'first', 'second']);
  }, 15_000);

  test('is free again after a build that failed', async () => {
    await expect(withBuildLock(deps(), () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await withBuildLock(deps(), async () => 'done')).toBe('done');
  });

  test('clears the archives that a killed build has left, and keeps results', async () => {
    const left = join(buildFolder(deps().paths), 'archive-abc');
    const result = join(buildFolder(deps().paths), 'go-etcd-amd64-000000000000');
    for (const folder of [left, result]) mkdirSync(folder, { recursive: true });
    await withBuildLock(deps(), async () => undefined);
    expect([left, result].map((folder) => existsSync(folder))).toEqual([false, true]);
  });
});
