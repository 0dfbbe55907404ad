import { ExitCode, silentReporter } from '../../../../core/index.ts';
import { NODE_IMAGE_SOURCES, obtainNodeImage } from '../../../../labs/images/obtain-node-image.ts';
import { notAvailable, obtained, type NodeImageSource } from '../../../../labs/images/sources/source.ts';
import { kubernetesRelease } from '../../../../labs/images/versions.ts';
import { scriptedRunner } from '../../../support/scripted-runner.ts';

const request = {
  runner: scriptedRunner(),
  paths: { cache: '/nowhere', state: '/nowhere' },
  reporter: silentReporter,
  release: kubernetesRelease(),
  arch: 'amd64' as const,
};
const without = (name: string, reason: string): NodeImageSource => ({ name, obtain: async () => notAvailable(reason) });
const having = (name: string, reference: string): NodeImageSource => ({
  name,
  obtain: async () => obtained(reference),
});
const never: NodeImageSource = { name: 'never', obtain: () => Promise.reject(new Error('it was asked')) };

describe('obtaining a node image', () => {
  test('asks the engine, then the bundle, then a registry, and builds last', () => {
    expect(NODE_IMAGE_SOURCES.map(({ name }) => name)).toEqual([
      'the container engine',
      'an offline bundle',
      'an image registry',
      'a build from Go modules',
    ]);
  });

  test('takes the first source that has one, asks none after it, and keeps the reasons of those before', async () => {
    const sources = [without('engine', 'empty'), without('bundle', 'none given'), having('registry', 'node:1'), never];
    expect(await obtainNodeImage(request, sources)).toEqual({
      reference: 'node:1',
      source: 'registry',
      reasons: ['engine: empty', 'bundle: none given'],
    });
  });

  test('fails with every source’s reason when none has one', async () => {
    const sources = [without('engine', 'empty'), without('build', 'go is not installed')];
    await expect(obtainNodeImage(request, sources)).rejects.toMatchObject({
      what: 'no node image for Kubernetes 1.35.4 (amd64)',
      why: 'engine: empty\nbuild: go is not installed',
      exitCode: ExitCode.toolMissing,
    });
  });

  test('stops at a source that fails: that is for the user to put right', async () => {
    const failing: NodeImageSource = { name: 'engine', obtain: () => Promise.reject(new Error('no such image')) };
    await expect(obtainNodeImage(request, [failing, having('build', 'node:1')])).rejects.toThrow('no such image');
  });
});
