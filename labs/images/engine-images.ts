import { z } from 'zod';
import type { Runner } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';

/** What the engine says of an image that it has. */
export interface EngineImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly arch: string;
  readonly sizeBytes: number;
  readonly labels: Readonly<Record<string, string>>;
}

const Inspected = z.object({
  Id: z.string(),
  RepoTags: z.array(z.string()).nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  Architecture: z.string(),
  Size: z.number(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** The images that the engine has of those named, in one question; those it lacks are left out. */
export async function inspectImages(references: readonly string[], runner: Runner): Promise<readonly EngineImage[]> {
  if (references.length === 0) return [];
  const { stdout } = await runner.run(ENGINE, ['image', 'inspect', '--format', '{{json .}}', ...references], {
    // 1 means that some are not there; the others are on stdout.
    okExitCodes: [0, 1],
  });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => imageOf(Inspected.parse(JSON.parse(line))));
}

/** The image behind one reference (name and tag, digest or id), if the engine has it. */
export async function inspectImage(reference: string, runner: Runner): Promise<EngineImage | undefined> {
  const [image] = await inspectImages([reference], runner);
  return image;
}

function imageOf(inspected: z.infer<typeof Inspected>): EngineImage {
  return {
    id: inspected.Id,
    tags: inspected.RepoTags ?? [],
    digests: inspected.RepoDigests ?? [],
    arch: inspected.Architecture,
    sizeBytes: inspected.Size,
    labels: inspected.Config?.Labels ?? {},
  };
}
