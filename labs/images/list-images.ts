import { z } from 'zod';
import type { Runner } from '../../core/index.ts';
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
