import { readFile } from 'node:fs/promises';
import { recipeFolder } from './recipe.ts';

/** The lines of a list in a recipe, without comments and empty lines. */
export async function readList(...path: readonly string[]): Promise<readonly string[]> {
  const text = await readFile(recipeFolder(...path), 'utf8');
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
