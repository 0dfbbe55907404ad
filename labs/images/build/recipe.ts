import { join } from 'node:path';
import { packageRoot } from '../../../core/index.ts';

/** Folder of a recipe: plain files, reviewed like code, that decide what an image is. */
export function recipeFolder(...name: readonly string[]): string {
  return join(packageRoot(), 'labs', 'images', 'recipe', ...name);
}
