import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../core/index.ts';

/** A text of a challenge's folder, e.g. `task.md`. */
export function catalogueText(folder: string, file: 'task.md' | 'solution.md'): Promise<string> {
  return readFile(join(packageRoot(), 'scenarios', 'catalogue', folder, file), 'utf8');
}
