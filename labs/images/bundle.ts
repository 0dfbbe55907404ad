import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { API_VERSION, KubedrillError, messageOf, type Paths, type Reporter, type Runner } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';
import { cachedTool } from '../tools/cached.ts';
import { DEFAULT_KIND } from '../tools/kind.ts';
import { inspectImage } from './engine-images.ts';

interface BundleDeps {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly reporter: Reporter;
}

export interface SaveBundleRequest extends BundleDeps {
  /** Its suffix decides the compression, as tar's --auto-compress has it: .tar, .tar.gz, .tar.zst. */
  readonly file: string;
  /** Without a leading v. */
  readonly kubernetesVersion: string;
  /** The image that nodes start from, and what else a lab needs in the engine (the toolbox). */
  readonly node: string;
  readonly others: readonly string[];
}

const Manifest = z.object({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ImageBundle'),
  kubernetesVersion: z.string(),
  arch: z.string(),
  /** The image that nodes start from. */
  node: z.string(),
  /** All images in it. */
  images: z.array(z.string()),
  /** Version of the kind that is in the bundle. */
  kindVersion: z.string().optional(),
  /** SHA-256 of the other files. */
  files: z.record(z.string(), z.string()),
});

/** What a bundle holds. */
export type BundleManifest = z.infer<typeof Manifest>;

const MANIFEST = 'kubedrill-bundle.json';
const ARCHIVE = 'images.tar';
const KIND = 'kind';

/** Writes a lab's images, and a kind that was built here, to one file that `loadBundle` reads on a machine without registries. */
export async function saveBundle(request: SaveBundleRequest): Promise<BundleManifest> {
  const { node, others, kubernetesVersion, runner, reporter } = request;
  const images = [node, ...others];
  const file = resolve(request.file);
  return inTemporaryFolder(dirname(file), (folder) =>
    reporter.stage(`Save ${request.file}`, async (detail) => {
      const arch = await architectureOf(images, runner);
      detail('export the images');
      await runner.run(ENGINE, ['save', '--output', join(folder, ARCHIVE), ...images]);
      const kindVersion = await addKind(request.paths, folder);
      const names = [ARCHIVE, ...(kindVersion === undefined ? [] : [KIND])];
      detail('check sums');
      const manifest: BundleManifest = {
        ...{ apiVersion: API_VERSION, kind: 'ImageBundle', kubernetesVersion, arch, node, images },
        ...(kindVersion === undefined ? {} : { kindVersion }),
        files: await sumsOf(names, folder),
      };
      await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      detail('pack');
      const partial = join(folder, `partial${suffixOf(file)}`);
      const content = ['--directory', folder, MANIFEST, ...names];
      await runner.run('tar', ['--create', '--auto-compress', '--file', partial, ...content]);
      await rename(partial, file);
      return manifest;
    }),
  );
}

/** Loads a bundle: its images into the engine, its kind into the cache. A damaged file is refused before anything is loaded. */
export async function loadBundle(request: BundleDeps & { readonly file: string }): Promise<BundleManifest> {
  const { file, paths, runner, reporter } = request;
  await mkdir(paths.cache, { recursive: true });
  return inTemporaryFolder(paths.cache, (folder) =>
    reporter.stage(`Load ${file}`, async (detail) => {
      detail('unpack');
      const manifest = await unpack(file, folder, runner);
      detail('check sums');
      await verify(file, folder, manifest);
      detail('load into the engine');
      await runner.run(ENGINE, ['load', '--quiet', '--input', join(folder, ARCHIVE)]);
      if (manifest.kindVersion !== undefined) {
        await place(join(folder, KIND), cachedTool('kind', manifest.kindVersion, paths));
      }
      return manifest;
    }),
  );
}

/** Architecture of the first; fails for one that the engine does not have. */
async function architectureOf(images: readonly string[], runner: Runner): Promise<string> {
  const found = await Promise.all(images.map((reference) => inspectImage(reference, runner)));
  const missing = images.find((_reference, index) => found[index] === undefined);
  const arch = found[0]?.arch;
  if (missing !== undefined || arch === undefined) throw missingImage(missing ?? 'of a node');
  return arch;
}

async function addKind(paths: Paths, folder: string): Promise<string | undefined> {
  const built = cachedTool('kind', DEFAULT_KIND, paths);
  if (!existsSync(built)) return undefined;
  await copyFile(built, join(folder, KIND));
  return DEFAULT_KIND;
}

async function unpack(file: string, folder: string, runner: Runner): Promise<BundleManifest> {
  try {
    await runner.run('tar', ['--extract', '--file', resolve(file), '--directory', folder]);
    return Manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')));
  } catch (error) {
    throw noBundle(file, messageOf(error), error);
  }
}

async function verify(file: string, folder: string, manifest: BundleManifest): Promise<void> {
  const expected = [ARCHIVE, ...(manifest.kindVersion === undefined ? [] : [KIND])];
  for (const name of expected) {
    const sum = await sha256Of(join(folder, name)).catch(() => undefined);
    if (sum === undefined) throw noBundle(file, `${name} is not in it`);
    if (sum !== manifest.files[name]) throw noBundle(file, `${name} has another check sum than ${MANIFEST} says`);
  }
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, `${to}.partial`);
  await chmod(`${to}.partial`, 0o755);
  await rename(`${to}.partial`, to);
}

async function inTemporaryFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, '.kubedrill-bundle-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sumsOf(names: readonly string[], folder: string): Promise<Readonly<Record<string, string>>> {
  const sums = names.map(async (name): Promise<[string, string]> => [name, await sha256Of(join(folder, name))]);
  return Object.fromEntries(await Promise.all(sums));
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
