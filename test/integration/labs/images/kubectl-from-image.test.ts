import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaRunner, silentReporter, RunError, type Runner } from '../../../../core/index.ts';
import { obtainKubectl } from '../../../../labs/tools/kubectl.ts';
import { engineGap } from '../../../support/engine.ts';
import { makeTinyImage, removeImages } from '../../../support/tiny-image.ts';

const gap = await engineGap();
const IMAGE = 'kubedrill-test/with-kubectl:1';

/** Programs as they are, but no kubectl on the PATH. */
function withoutKubectl(runner: Runner): Runner {
  const facts = {
    stdout: '',
    stderr: '',
    exitCode: undefined,
    notFound: true,
    timedOut: false,
    canceled: false,
    signal: undefined,
  };
  return {
    ...runner,
    run: (file, args, options) =>
      file === 'kubectl'
        ? Promise.reject(new RunError({ ...facts, command: [file, ...args] }))
        : runner.run(file, args, options),
  };
}

(gap === undefined ? describe : describe.skip)(`kubectl of a node image${gap ?? ''}`, () => {
  test('is copied to the cache, and the container that it took is gone', async () => {
    const home = mkdtempSync(join(tmpdir(), 'kd-copied-'));
    await makeTinyImage(IMAGE, { 'usr/bin/kubectl': 'the node’s kubectl' });
    try {
      const runner = withoutKubectl(execaRunner());
      const paths = { cache: home, state: home };
      const tool = await obtainKubectl({ runner, paths, reporter: silentReporter, nodeImage: IMAGE });
      expect(readFileSync(tool.path, 'utf8')).toBe('the node’s kubectl');
      const { stdout } = await runner.run('docker', ['ps', '--all', '--quiet', '--filter', `ancestor=${IMAGE}`]);
      expect(stdout).toBe('');
    } finally {
      await removeImages(IMAGE);
      rmSync(home, { recursive: true });
    }
  }, 60_000);
});
