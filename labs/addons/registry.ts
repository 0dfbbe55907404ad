import type { Addon, ToolboxProgram } from '../../core/index.ts';
import { addon as detectorAddon } from '../../detector/index.ts';
import { addon as networkAddon } from '../../network/index.ts';
import type { AddonSet } from '../session.ts';
import { ingressAddon } from './ingress/addon.ts';
import { shopAddon } from './shop/addon.ts';

const KEEPER_PROGRAM: ToolboxProgram = { name: 'keeper', entry: 'labs/keeper/main.ts' };

/** The add-ons of a set: core is probes and detector, std adds ingress and the shop behind it. */
export function addonsOf(set: AddonSet): readonly Addon[] {
  const core = [networkAddon(), detectorAddon()];
  return set === 'core' ? core : [...core, ingressAddon(), shopAddon()];
}

/** Programs that have to be bundled into the toolbox image: those of all add-ons, and the keeper. */
export function labPrograms(): readonly ToolboxProgram[] {
  const programs = addonsOf('full').flatMap((addon) => addon.programs);
  const byName = new Map([...programs, KEEPER_PROGRAM].map((program) => [program.name, program]));
  return [...byName.values()];
}
