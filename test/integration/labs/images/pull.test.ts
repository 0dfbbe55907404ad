import { execaRunner, silentReporter } from '../../../../core/index.ts';
import { pull, pullImage } from '../../../../labs/images/sources/pull.ts';
import { kubernetesRelease } from '../../../../labs/images/versions.ts';
import { engineGap } from '../../../support/engine.ts';
import { removeImages } from '../../../support/tiny-image.ts';
import { tinyRegistry } from '../../../support/tiny-registry.ts';

const gap = await engineGap();
const runner = execaRunner();
const silently = { runner, detail: () => undefined, arch: 'amd64' } as const;

(gap === undefined ? describe : describe.skip)(`pulling from a registry on loopback${gap ?? ''}`, () => {
  test('brings the image of the digest, and asks no registry for one that the engine has', async () => {
    const registry = await tinyRegistry();
    try {
      const { reference } = registry;
      expect(await pullImage({ ...silently, reference })).toEqual({ kind: 'obtained', reference });
      await runner.run('docker', ['image', 'inspect', reference]);
      const asked = registry.asked.length;
      expect(asked).toBeGreaterThan(0);
      expect(await pullImage({ ...silently, reference })).toEqual({ kind: 'obtained', reference });
      expect(registry.asked).toHaveLength(asked);
    } finally {
      await removeImages(registry.reference);
      await registry.close();
    }
  }, 60_000);

  test('as the source of a node image, it is the release’s published image that is pulled', async () => {
    const registry = await tinyRegistry({ name: 'kindest/node' });
    try {
      const release = { ...kubernetesRelease(), kindest: registry.reference };
      const request = {
        runner,
        reporter: silentReporter,
        paths: { cache: '/nowhere', state: '/nowhere' },
        release,
        arch: 'amd64',
      } as const;
      expect(await pull.obtain(request)).toEqual({ kind: 'obtained', reference: registry.reference });
    } finally {
      await removeImages(registry.reference);
      await registry.close();
    }
  }, 60_000);

  test('a registry that lacks the image is no failure; its words are the reason', async () => {
    const registry = await tinyRegistry({ behaviour: 'empty' });
    try {
      expect(await pullImage({ ...silently, reference: registry.reference })).toMatchObject({
        kind: 'notAvailable',
        reason: expect.stringMatching(/not found|manifest unknown/) as string,
      });
    } finally {
      await registry.close();
    }
  }, 60_000);

  test('a registry that never answers is given up after its time, which is the reason', async () => {
    const registry = await tinyRegistry({ behaviour: 'silent' });
    try {
      expect(await pullImage({ ...silently, reference: registry.reference, answerTimeoutMs: 2_000 })).toEqual({
        kind: 'notAvailable',
        reason: 'no answer within 2 s',
      });
    } finally {
      await registry.close();
    }
  }, 60_000);

  test('where no registry is, the reason is what the engine said', async () => {
    const registry = await tinyRegistry();
    await registry.close();
    expect(await pullImage({ ...silently, reference: registry.reference })).toMatchObject({
      kind: 'notAvailable',
      reason: expect.stringContaining('connection refused') as string,
    });
  }, 60_000);

  test('one that is cancelled from outside is a failure, not an answer', async () => {
    const registry = await tinyRegistry({ behaviour: 'silent' });
    const cancel = new AbortController();
    try {
      const pulling = pullImage({ ...silently, reference: registry.reference, signal: cancel.signal });
      cancel.abort();
      await expect(pulling).rejects.toMatchObject({ facts: { canceled: true } });
    } finally {
      await registry.close();
    }
  }, 60_000);
});
