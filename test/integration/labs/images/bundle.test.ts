import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execaRunner, silentReporter } from '../../../../core/index.ts';
import { loadBundle, saveBundle } from '../../../../labs/images/bundle.ts';
import { fromBundle } from '../../../../labs/images/sources/from-bundle.ts';
import { kubernetesRelease } from '../../../../labs/images/versions.ts';
import { cachedTool } from '../../../../labs/tools/cached.ts';
import { DEFAULT_KIND } from '../../../../labs/tools/kind.ts';
import { engineGap } from '../../../support/engine.ts';
import { makeTinyImage, removeImages } from '../../../support/tiny-image.ts';

const gap = await engineGap();
const runner = execaRunner();
const NODE = 'kubedrill-test/bundle-node:1';
const TOOLBOX = 'kubedrill-test/bundle-toolbox:1';

(gap === undefined ? describe : describe.skip)(`an offline bundle of real images${gap ?? ''}`, () => {
  let home = '';
  let file = '';
  const deps = () => ({ runner, reporter: silentReporter, paths: { cache: join(home, 'cache'), state: home } });

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'kd-bundle-'));
    file = join(home, 'lab.tar.gz');
    await makeTinyImage(NODE, { 'kind/version': 'v1.35.4' });
    await makeTinyImage(TOOLBOX, { tool: 'x' });
    const kind = cachedTool('kind', DEFAULT_KIND, deps().paths);
    mkdirSync(dirname(kind), { recursive: true });
    writeFileSync(kind, 'a kind that was built');
    await saveBundle({ ...deps(), file, kubernetesVersion: '1.35.4', node: NODE, others: [TOOLBOX] });
  }, 60_000);
  afterAll(async () => {
    await removeImages(NODE, TOOLBOX);
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  test('is one file, and nothing half made beside it', () => {
    expect(readdirSync(home).sort()).toEqual(['cache', 'lab.tar.gz']);
  });

  test('brings the images and kind to a machine that has neither', async () => {
    await removeImages(NODE, TOOLBOX);
    rmSync(join(home, 'cache'), { recursive: true });
    const manifest = await loadBundle({ ...deps(), file });
    expect(manifest).toMatchObject({ kubernetesVersion: '1.35.4', node: NODE, images: [NODE, TOOLBOX] });
    await runner.run('docker', ['image', 'inspect', NODE, TOOLBOX]);
    const kind = cachedTool('kind', DEFAULT_KIND, deps().paths);
    expect(readFileSync(kind, 'utf8')).toBe('a kind that was built');
    expect(statSync(kind).mode & 0o111).not.toBe(0);
    expect(readdirSync(join(home, 'cache'))).toEqual(['tools']);
  }, 60_000);

  test('is a source of node images for its Kubernetes version and architecture, and says so of others', async () => {
    const { arch } = await loadBundle({ ...deps(), file });
    const release = kubernetesRelease();
    const request = { ...deps(), bundle: file, release, arch: arch === 'arm64' ? 'arm64' : 'amd64' } as const;
    expect(await fromBundle.obtain(request)).toEqual({ kind: 'obtained', reference: NODE });
    expect(await fromBundle.obtain({ ...request, release: { ...release, version: '1.99.0' } })).toMatchObject({
      reason: `${file} holds Kubernetes 1.35.4, wanted is 1.99.0`,
    });
    const other = arch === 'arm64' ? 'amd64' : 'arm64';
    expect(await fromBundle.obtain({ ...request, arch: other })).toMatchObject({
      reason: `${file} is for ${arch}, wanted is ${other}`,
    });
  }, 60_000);

  test('that was cut short is refused, and leaves nothing in the cache', async () => {
    const cut = join(home, 'cut.tar.gz');
    writeFileSync(cut, readFileSync(file));
    truncateSync(cut, Math.floor(statSync(cut).size / 2));
    await expect(loadBundle({ ...deps(), file: cut })).rejects.toMatchObject({
      what: `${cut} is no whole bundle of images`,
    });
    expect(readdirSync(join(home, 'cache'))).toEqual(['tools']);
    rmSync(cut);
  });

  test('whose images were changed is refused by their check sum', async () => {
    const folder = join(home, 'changed');
    mkdirSync(folder);
    await runner.run('tar', ['--extract', '--file', file, '--directory', folder]);
    writeFileSync(join(folder, 'images.tar'), 'something else');
    const changed = join(home, 'changed.tar');
    await runner.run('tar', ['--create', '--file', changed, '--directory', folder, ...readdirSync(folder)]);
    await expect(loadBundle({ ...deps(), file: changed })).rejects.toMatchObject({
      why: 'images.tar has another check sum than kubedrill-bundle.json says',
    });
    rmSync(folder, { recursive: true });
    rmSync(changed);
  });

  test('an archive of something else is no bundle', async () => {
    const other = join(home, 'other.tar');
    await runner.run('tar', ['--create', '--file', other, '--directory', home, 'cache']);
    await expect(loadBundle({ ...deps(), file: other })).rejects.toMatchObject({
      what: `${other} is no whole bundle of images`,
    });
    rmSync(other);
  });

  test('saving an image that is not there says which, and writes no file', async () => {
    const missing = {
      ...deps(),
      file: join(home, 'no.tar'),
      kubernetesVersion: '1.35.4',
      node: NODE,
      others: ['not/there:1'],
    };
    await expect(saveBundle(missing)).rejects.toMatchObject({ what: 'the image not/there:1 is not there' });
    expect(existsSync(missing.file)).toBe(false);
  });
});
