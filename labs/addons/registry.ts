import type { ToolboxProgram } from '../../core/index.ts';

/** Programs that have to be bundled into the toolbox image: those of all add-ons, and the keeper. */
export function labPrograms(): readonly ToolboxProgram[] {
  return [{ name: 'keeper', entry: 'labs/keeper/main.ts' }];
}
