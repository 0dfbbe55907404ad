import type { GuideSummary } from '../types.ts';
import { guideRegistry } from './registry.ts';

/** Every guide, in the order in which a beginner takes them. */
export async function listGuides(): Promise<readonly GuideSummary[]> {
  const guides = await Promise.all(guideRegistry.map((entry) => entry.guide()));
  return guides.map(({ slug, title, minutes, steps }) => ({ slug, title, minutes, steps: steps.length }));
}
