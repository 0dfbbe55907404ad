import { ExitCode, KubedrillError } from '../../core/index.ts';
import { buildFromModules } from './sources/build.ts';
import { fromBundle } from './sources/from-bundle.ts';
import { inEngine } from './sources/in-engine.ts';
import { pull } from './sources/pull.ts';
import type { NodeImageRequest, NodeImageSource } from './sources/source.ts';

export interface ObtainedNodeImage {
  readonly reference: string;
  /** Name of the source that had it. */
  readonly source: string;
  /** Why the sources before it did not, a sentence each. */
  readonly reasons: readonly string[];
}

/** In the order in which they are tried. */
export const NODE_IMAGE_SOURCES: readonly NodeImageSource[] = [inEngine, fromBundle, pull, buildFromModules];

/** Asks one source after the other for a node image. Exit code 4, with every source's reason, when none has it. */
export async function obtainNodeImage(
  request: NodeImageRequest,
  sources: readonly NodeImageSource[] = NODE_IMAGE_SOURCES,
): Promise<ObtainedNodeImage> {
  const reasons: string[] = [];
  for (const source of sources) {
    const answer = await source.obtain(request);
    if (answer.kind === 'obtained') return { reference: answer.reference, source: source.name, reasons };
    reasons.push(`${source.name}: ${answer.reason}`);
  }
  throw new KubedrillError({
    what: `no node image for Kubernetes ${request.release.version} (${request.arch})`,
    why: reasons.join('\n'),
    hint: 'remove one of these obstacles, or bring a bundle from another machine: kubedrill bundle load FILE',
    exitCode: ExitCode.toolMissing,
  });
}
