import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArchive, type ImageSpec } from '../../../../../labs/images/build/image-archive.ts';
import type { Layer } from '../../../../../labs/images/build/layer.ts';

let folder = '';
let source = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kd-archive-'));
  source = mkdtempSync(join(tmpdir(), 'kd-layers-'));
});
afterEach(() => [folder, source].forEach((path) => rmSync(path, { recursive: true })));

function layer(name: string): Layer {
  const file = join(source, `${name}.tar.gz`);
  writeFileSync(file, name);
  const digest = createHash('sha256').update(name).digest('hex');
  return { file, digest: `sha256:${digest}`, diffId: `sha256:plain-${name}`, sizeBytes: 1 };
}

interface ManifestEntry {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}
const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

describe('an archive of images', () => {
  test('has each layer once, however many images share it', async () => {
    const [below, left, right] = [layer('below'), layer('left'), layer('right')];
    const image = (reference: string, ...layers: readonly Layer[]): ImageSpec => ({
      ...{ reference, arch: 'amd64', layers, entrypoint: ['/x'] },
    });
    await writeArchive([image('a:1', below, left), image('b:1', below, right)], folder);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tar.gz'))).toHaveLength(3);
    const manifest = json('manifest.json') as readonly ManifestEntry[];
    expect(manifest.map(({ RepoTags }) => RepoTags)).toEqual([['a:1'], ['b:1']]);
    expect(manifest[0]?.Layers[0]).toBe(manifest[1]?.Layers[0]);
    for (const name of manifest.flatMap(({ Layers }) => Layers)) expect(readdirSync(folder)).toContain(name);
  });

  test('describes an image by its uncompressed layers, lowest first, in a file named after its own hash', async () => {
    const spec: ImageSpec = {
      reference: 'node:1',
      arch: 'arm64',
      layers: [layer('one'), layer('two')],
      entrypoint: ['/init', 'x'],
      env: ['A=b'],
      stopSignal: 'SIGRTMIN+3',
      labels: { kind: 'node' },
    };
    await writeArchive([spec], folder);
    const [entry] = json('manifest.json') as readonly ManifestEntry[];
    const name = entry?.Config ?? '';
    expect(name).toBe(
      `${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}.json`,
    );
    expect(json(name)).toMatchObject({
      architecture: 'arm64',
      os: 'linux',
      config: {
        Entrypoint: ['/init', 'x'],
        Env: [expect.stringMatching(/^PATH=/), 'A=b'],
        StopSignal: 'SIGRTMIN+3',
        Labels: { kind: 'node' },
      },
      rootfs: { type: 'layers', diff_ids: ['sha256:plain-one', 'sha256:plain-two'] },
    });
  });

  test('is the same, byte for byte, for the same images', async () => {
    const spec: ImageSpec = { reference: 'a:1', arch: 'amd64', layers: [layer('one')], entrypoint: ['/x'] };
    await writeArchive([spec], folder);
    const again = mkdtempSync(join(source, 'again-'));
    await writeArchive([spec], again);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(again, name))).toEqual(readFileSync(join(folder, name)));
    }
  });
});
