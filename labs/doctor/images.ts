import { messageOf } from '../../core/index.ts';
import type { EngineState } from '../engine/facts.ts';
import { labImagesState } from '../images/index.ts';
import type { LabDeps } from '../session.ts';

/** Whether a lab's images are there already, in words for people. */
export interface ImageFacts {
  readonly kind: 'present' | 'absent';
  readonly observed: string;
}

/** Asks the engine for the images of a lab; obtains nothing. */
export async function imageFacts(
  deps: LabDeps,
  engine: EngineState,
  kubernetesVersion: string | undefined,
): Promise<ImageFacts> {
  if (engine.kind !== 'ready') return { kind: 'absent', observed: 'there is no engine to ask yet' };
  try {
    const state = await labImagesState({ ...deps, ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }) });
    if (state.kind === 'present') return { kind: 'present', observed: state.images.node };
    return { kind: 'absent', observed: `missing: ${state.missing.join(', ')}` };
  } catch (error) {
    return { kind: 'absent', observed: messageOf(error) };
  }
}
