import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';

export interface StepText {
  readonly title: string;
  /** Markdown without the title line. */
  readonly text: string;
}

/** A step's text with its words put in; unknown words stay as they are, for the contract test to find. */
export async function stepText(slug: string, file: string, words: Readonly<Record<string, string>>): Promise<StepText> {
  const raw = await readFile(join(packageRoot(), 'scenarios', 'guides', slug, file), 'utf8');
  const filled = raw.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => words[name] ?? whole);
  const [first = '', ...rest] = filled.split('\n');
  return { title: first.replace(/^#\s*/, ''), text: rest.join('\n').trim() };
}
