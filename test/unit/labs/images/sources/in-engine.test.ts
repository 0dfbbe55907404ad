import { silentReporter, type Runner } from '../../../../../core/index.ts';
import { nodeImagePlan } from '../../../../../labs/images/build/node-image.ts';
import { inEngine } from '../../../../../labs/images/sources/in-engine.ts';
import type { NodeImageRequest } from '../../../../../labs/images/sources/source.ts';
import { kubernetesRelease } from '../../../../../labs/images/versions.ts';
import { scriptedRunner } from '../../../../support/scripted-runner.ts';

const release = kubernetesRelease();
const inspected = (reference: string, arch = 'amd64'): string =>
  `${JSON.stringify({ Id: 'sha256:1', RepoTags: [reference], Architecture: arch, Size: 1, Created: '' })}\n`;
const request = (runner: Runner, nodeImage?: string): NodeImageRequest => ({
  ...{ runner, paths: { cache: '/nowhere', state: '/nowhere' }, reporter: silentReporter, release, arch: 'amd64' },
  ...(nodeImage === undefined ? {} : { nodeImage }),
});

describe('the engine as a source of node images', () => {
  test('has the image whose tag carries the fingerprint of today’s recipe', async () => {
    const { reference } = nodeImagePlan(release, 'amd64');
    const runner = scriptedRunner({
      command: /^docker image inspect .*kubedrill\/node:v1\.35\.4-/,
      stdout: inspected(reference),
    });
    expect(await inEngine.obtain(request(runner))).toEqual({ kind: 'obtained', reference });
  });

  test('says which image it lacks', async () => {
    const runner = scriptedRunner({ command: /^docker image inspect/, exitCode: 1, stderr: 'No such image' });
    expect(await inEngine.obtain(request(runner))).toMatchObject({
      kind: 'notAvailable',
      reason: expect.stringMatching(/^it has no kubedrill\/node:v1\.35\.4-[0-9a-f]{12}$/) as string,
    });
  });

  test('takes the image of the user’s choice, whatever it is', async () => {
    const runner = scriptedRunner({ command: /^docker image inspect .* my\/node:1$/, stdout: inspected('my/node:1') });
    expect(await inEngine.obtain(request(runner, 'my/node:1'))).toEqual({ kind: 'obtained', reference: 'my/node:1' });
  });

  test('fails for a choice that is not there, instead of taking another', async () => {
    const runner = scriptedRunner({ command: /^docker image inspect/, exitCode: 1 });
    await expect(inEngine.obtain(request(runner, 'my/node:1'))).rejects.toMatchObject({
      what: 'the node image my/node:1 is not there',
    });
  });

  test('fails for a choice of another architecture, naming both', async () => {
    const runner = scriptedRunner({ command: /^docker image inspect/, stdout: inspected('my/node:1', 'arm64') });
    await expect(inEngine.obtain(request(runner, 'my/node:1'))).rejects.toMatchObject({
      why: 'it is for arm64, wanted is amd64',
    });
  });
});
