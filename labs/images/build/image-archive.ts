import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, Runner } from '../../../core/index.ts';
import type { Architecture } from '../architecture.ts';
import type { Layer } from './layer.ts';
import { buildFolder } from './stage.ts';
import type { Paths } from '../../../core/index.ts';

/** An image as a list of layers and a configuration. */
export interface ImageSpec {
  /** Name and tag. */
  readonly reference: string;
  readonly arch: Architecture;
  /** Lowest first. */
  readonly layers: readonly Layer[];
  readonly entrypoint: readonly string[];
  readonly env?: readonly string[];
  readonly user?: string;
  readonly stopSignal?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Begins the names of temporary folders in the build folder. */
export const ARCHIVE_PREFIX = 'archive-';

const SEARCH_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Streams the images, as the archive that `docker load` and containerd's `ctr images import` read, into a program.
 * Layers that images share are in it once.
 */
export async function sendImages(
  images: readonly ImageSpec[],
  to: Command,
  { runner, paths }: { readonly runner: Runner; readonly paths: Paths },
): Promise<void> {
  await mkdir(buildFolder(paths), { recursive: true });
  const folder = await mkdtemp(join(buildFolder(paths), ARCHIVE_PREFIX));
  try {
    await writeArchive(images, folder);
    await runner.pipe(['tar', '--create', '--dereference', '--directory', folder, '.'], to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the archive as a folder: manifest.json, a configuration an image, and links to the layers' files. */
export async function writeArchive(images: readonly ImageSpec[], folder: string): Promise<void> {
  const layers = new Map(images.flatMap((image) => image.layers.map((layer) => [layer.digest, layer.file])));
  for (const [digest, file] of layers) await symlink(file, join(folder, layerName(digest)));
  const manifest = [];
  for (const image of images) {
    const config = JSON.stringify(imageConfig(image));
    const name = `${createHash('sha256').update(config).digest('hex')}.json`;
    await writeFile(join(folder, name), config);
    manifest.push({
      Config: name,
      RepoTags: [image.reference],
      Layers: image.layers.map(({ digest }) => layerName(digest)),
    });
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

function layerName(digest: string): string {
  return `${digest.replace('sha256:', '')}.tar.gz`;
}

/** The image's configuration document (OCI image specification 1.1, config.md). */
function imageConfig(image: ImageSpec): unknown {
  return {
    architecture: image.arch,
    os: 'linux',
    created: new Date(0).toISOString(),
    config: {
      Entrypoint: image.entrypoint,
      Env: [SEARCH_PATH, ...(image.env ?? [])],
      Labels: image.labels ?? {},
      ...(image.user === undefined ? {} : { User: image.user }),
      ...(image.stopSignal === undefined ? {} : { StopSignal: image.stopSignal }),
    },
    rootfs: { type: 'layers', diff_ids: image.layers.map(({ diffId }) => diffId) },
    history: image.layers.map(() => ({ created: new Date(0).toISOString(), created_by: 'kubedrill' })),
  };
}
