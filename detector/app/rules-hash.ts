import { createHash } from 'node:crypto';
import type { RulesFile } from '../ruleset/types.ts';

/** Tells whether two detectors run the same rules, whatever folder they came from. */
export function rulesHash(files: readonly RulesFile[]): string {
  const hash = createHash('sha256');
  const inOrder = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, content } of inOrder) hash.update(`${name}\0${String(content.length)}\0${content}`);
  return hash.digest('hex');
}
