import { z } from 'zod';
import { RunError, type Runner } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';
import { inspectImages, type EngineImage } from './engine-images.ts';
import { LABEL } from './labels.ts';

/** One of kubedrill's images in the engine. */
export interface ListedImage {
  readonly reference: string;
  readonly id: string;
  /** `node`, `node-lab`, `toolbox` …, as its label says, else the last part of its name. */
  readonly kind: string;
  readonly arch: string;
  /** As the engine counts it, shared layers included. */
  readonly sizeBytes: number;
  readonly source?: string;
}

export interface RemovedImages {
  readonly removed: readonly string[];
  /** Not removed, mostly because a container is made from it. */
  readonly kept: readonly { readonly reference: string; readonly why: string }[];
}

const OURS = 'kubedrill/*';
const Row = z.object({ Repository: z.string(), Tag: z.string() });

/** All images of kubedrill's own in the engine, by name. */
export async function listImages(runner: Runner): Promise<readonly ListedImage[]> {
  const { stdout } = await runner.run(ENGINE, [
    'image',
    'ls',
    '--filter',
    `reference=${OURS}`,
    '--format',
    '{{json .}}',
  ]);
  const references = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => Row.parse(JSON.parse(line)))
    .map(({ Repository, Tag }) => `${Repository}:${Tag}`)
    .filter((reference) => !reference.endsWith(':<none>'))
    .sort();
  const images = await inspectImages(references, runner);
  return references.flatMap((reference) => {
    const image = images.find(({ tags }) => tags.includes(reference));
    return image === undefined ? [] : [listed(reference, image)];
  });
}

/** Removes kubedrill's images other than those to keep. One that a container uses stays, and is said. */
export async function removeOldImages(keep: readonly string[], runner: Runner): Promise<RemovedImages> {
  const removed: string[] = [];
  const kept: { reference: string; why: string }[] = [];
  for (const { reference } of await listImages(runner)) {
    if (keep.includes(reference)) continue;
    try {
      await runner.run(ENGINE, ['image', 'rm', reference]);
      removed.push(reference);
    } catch (error) {
      if (!(error instanceof RunError) || error.facts.canceled) throw error;
      kept.push({ reference, why: error.facts.stderr.trim() });
    }
  }
  return { removed, kept };
}

function listed(reference: string, image: EngineImage): ListedImage {
  const source = image.labels[LABEL.source];
  return {
    reference,
    id: image.id,
    kind: image.labels[LABEL.kind] ?? reference.replace(/^kubedrill\//, '').replace(/:.*$/, ''),
    arch: image.arch,
    sizeBytes: image.sizeBytes,
    ...(source === undefined ? {} : { source }),
  };
}
