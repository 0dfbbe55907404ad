import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execaRunner } from '../../../../core/index.ts';
import { sendImages } from '../../../../labs/images/build/image-archive.ts';
import { readLayer, writeLayer } from '../../../../labs/images/build/layer.ts';
import { engineGap } from '../../../support/engine.ts';
import { removeImages } from '../../../support/tiny-image.ts';

const runner = execaRunner();
const gap = await engineGap();
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kd-layer-'));
});
afterEach(() => rmSync(home, { recursive: true }));

/** The same content in a folder of its own, written in another order. */
function content(name: string, order: readonly string[]): string {
  const root = join(home, name);
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const file of order) writeFileSync(join(root, 'etc', file), file);
  chmodSync(join(root, 'etc', 'a'), 0o755);
  symlinkSync('a', join(root, 'etc', 'link'));
  return root;
}

describe('a layer', () => {
  test('has the same bytes for the same files, whenever and in whatever order they were written', async () => {
    const first = content('first', ['a', 'b']);
    const second = content('second', ['b', 'a']);
    utimesSync(join(second, 'etc', 'a'), new Date(0), new Date('2001-01-01'));
    const one = await writeLayer({ root: first, owners: 'root' }, home, 'one', runner);
    const two = await writeLayer({ root: second, owners: 'root' }, home, 'two', runner);
    expect(two.digest).toBe(one.digest);
  });

  test('is known by the hashes of its compressed and its plain bytes, also when it is read again', async () => {
    const layer = await writeLayer({ root: content('root', ['a']), owners: 'root' }, home, 'root', runner);
    const packed = readFileSync(layer.file);
    expect(layer).toMatchObject({
      digest: sha256(packed),
      diffId: sha256(gunzipSync(packed)),
      sizeBytes: packed.length,
    });
    expect(await readLayer(home, 'root')).toEqual(layer);
  });
});

(gap === undefined ? describe : describe.skip)(`images written without an engine${gap ?? ''}`, () => {
  const reference = 'kubedrill-test/written:1';
  afterEach(() => removeImages(reference), 30_000);

  test('are loaded by the engine as they were described', async () => {
    const layers = [
      await writeLayer({ root: content('below', ['a']), owners: 'root' }, home, 'below', runner),
      await writeLayer({ root: content('above', ['a', 'b']), owners: 'root' }, home, 'above', runner),
    ];
    const image = {
      reference,
      arch: 'amd64',
      layers,
      entrypoint: ['/etc/a'],
      stopSignal: 'SIGRTMIN+3',
      labels: { x: 'y' },
    } as const;
    await sendImages([image], ['docker', 'load'], {
      runner,
      paths: { cache: home, state: home },
    });
    const { stdout } = await runner.run('docker', ['image', 'inspect', '--format', '{{json .}}', reference]);
    expect(JSON.parse(stdout)).toMatchObject({
      Architecture: 'amd64',
      RootFS: { Layers: layers.map(({ diffId }) => diffId) },
      Config: { Entrypoint: ['/etc/a'], StopSignal: 'SIGRTMIN+3', Labels: { x: 'y' } },
    });
  }, 60_000);
});
