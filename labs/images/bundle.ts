import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { API_VERSION, KubedrillError, messageOf, type Paths, type Reporter, type Runner } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';
import { inspectImage } from './engine-images.ts';

interface BundleDeps {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly reporter: Reporter;
}

const Manifest = z.object({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ImageBundle'),
  /** With a leading v. */
  kubernetesVersion: z.string(),
  arch: z.string(),
  /** The image to start nodes from. */
  node: z.string(),
  /** Every image in the archive. */
  images: z.array(z.string()),
  /** Of images.tar. */
  sha256: z.string(),
});

/** What a bundle holds. */
export type BundleManifest = z.infer<typeof Manifest>;

const MANIFEST = 'kubedrill-bundle.json';
const ARCHIVE = 'images.tar';

/**
 * Writes images of the engine (the first is the one that nodes start from) to a file that `loadBundle` reads on a machine
 * without a registry. Its suffix decides the compression, as tar's --auto-compress has it: .tar, .tar.gz, .tar.zst.
 */
export async function saveBundle(
  request: BundleDeps & {
    readonly file: string;
    readonly kubernetesVersion: string;
    readonly node: string;
    readonly others: readonly string[];
  },
): Promise<BundleManifest> {
  const file = resolve(request.file);
  return inTemporaryFolder(dirname(file), (folder) =>
    request.reporter.stage(`Save ${request.file}`, async (detail) => {
      const images = [request.node, ...request.others];
      const arch = (await inspectImage(request.node, request.runner))?.arch;
      if (arch === undefined) throw missingImage(request.node);
      detail('export the images');
      await request.runner.run(ENGINE, ['save', '--output', join(folder, ARCHIVE), ...images]);
      detail('check sum');
      const sha256 = await sha256Of(join(folder, ARCHIVE));
      const { node, kubernetesVersion } = request;
      const manifest: BundleManifest = {
        apiVersion: API_VERSION,
        kind: 'ImageBundle',
        kubernetesVersion,
        arch,
        node,
        images,
        sha256,
      };
      await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      detail('pack');
      const partial = join(folder, `partial${suffixOf(file)}`);
      await request.runner.run('tar', [
        '--create',
        '--auto-compress',
        '--file',
        partial,
        '--directory',
        folder,
        MANIFEST,
        ARCHIVE,
      ]);
      await rename(partial, file);
      return manifest;
    }),
  );
}

/** Loads the images of a bundle into the engine. Fails, before anything is loaded, for a file that is damaged or no bundle. */
export async function loadBundle(request: BundleDeps & { readonly file: string }): Promise<BundleManifest> {
  await mkdir(request.paths.cache, { recursive: true });
  return inTemporaryFolder(request.paths.cache, (folder) =>
    request.reporter.stage(`Load ${request.file}`, async (detail) => {
      detail('unpack');
      await unpack(request.file, folder, request.runner);
      const manifest = await readManifest(request.file, join(folder, MANIFEST));
      detail('check sum');
      const sha256 = await sha256Of(join(folder, ARCHIVE));
      if (sha256 !== manifest.sha256)
        throw noBundle(request.file, `its images have the check sum ${sha256}, it says ${manifest.sha256}`);
      detail('load into the engine');
      await request.runner.run(ENGINE, ['load', '--quiet', '--input', join(folder, ARCHIVE)]);
      return manifest;
    }),
  );
}

async function unpack(file: string, folder: string, runner: Runner): Promise<void> {
  try {
    await runner.run('tar', ['--extract', '--file', resolve(file), '--directory', folder, MANIFEST, ARCHIVE]);
  } catch (error) {
    throw noBundle(file, messageOf(error), error);
  }
}

async function readManifest(file: string, path: string): Promise<BundleManifest> {
  try {
    return Manifest.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw noBundle(file, `${MANIFEST} cannot be read: ${messageOf(error)}`, error);
  }
}

async function inTemporaryFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, '.kubedrill-bundle-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function suffixOf(file: string): string {
  return /\.(tar\.\w+|tgz|tzst|tar)$/.exec(file)?.[0] ?? '.tar';
}

function missingImage(reference: string): KubedrillError {
  return new KubedrillError({
    what: `the image ${reference} is not there`,
    why: 'the container engine has no image of that name',
    hint: 'kubedrill image build',
  });
}

function noBundle(file: string, why: string, cause?: unknown): KubedrillError {
  return new KubedrillError({
    what: `${file} is no whole bundle of images`,
    why,
    hint: 'make it again where the images are: kubedrill bundle save FILE',
    cause,
  });
}
