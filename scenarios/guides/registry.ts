import { nearest, usageError } from '../../core/index.ts';
import type { Guide } from './define.ts';

export interface GuideEntry {
  /** Also the folder below scenarios/guides. */
  readonly slug: string;
  guide(): Promise<Guide>;
}

/** Every guide, in the order in which a beginner takes them. To add one: its folder, and one entry here. */
export const guideRegistry: readonly GuideEntry[] = [
  { slug: 'three-requirements', guide: async () => (await import('./three-requirements/guide.ts')).default },
];

/** The entry of a guide; usage error with the nearest names when there is none. */
export function findGuide(slug: string): GuideEntry {
  const entry = guideRegistry.find((candidate) => candidate.slug === slug.toLowerCase());
  if (entry) return entry;
  const slugs = guideRegistry.map((candidate) => candidate.slug);
  throw usageError({
    what: `there is no guide ${slug}`,
    why: `there ${slugs.length === 1 ? 'is' : 'are'} ${slugs.join(', ')}`,
    hint: `kubedrill guide ${nearest(slug, slugs)[0] ?? slugs[0] ?? ''}`,
  });
}
