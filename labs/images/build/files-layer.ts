import { folderFingerprint } from './fingerprint.ts';
import { writeLayer } from './layer.ts';
import { recipeFolder } from './recipe.ts';
import type { Stage } from './stage.ts';

/** The `files` of a recipe, as the layer `files`. */
export function filesLayerStage(recipe: string, title: string): Stage {
  const source = recipeFolder(recipe, 'files');
  return {
    name: `${recipe}-files`,
    title,
    inputs: { files: folderFingerprint(source) },
    needs: [],
    tools: ['tar'],
    diskBytes: 10e6,
    make: async (work) => {
      await writeLayer({ root: source, owners: 'root' }, work.folder, 'files', work.runner);
    },
  };
}
