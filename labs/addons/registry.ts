import type { Addon, ToolboxProgram } from '../../core/index.ts';
import { addon as detectorAddon, type AuditSources } from '../../detector/index.ts';
import { addon as networkAddon } from '../../network/index.ts';
import type { AddonSet } from '../session.ts';
import { ingressAddon } from './ingress/addon.ts';
import { shopAddon } from './shop/addon.ts';

const KEEPER_PROGRAM: ToolboxProgram = { name: 'keeper', entry: 'labs/keeper/main.ts' };

/** The add-ons of a set: core is probes and detector, std adds ingress and the shop behind it. */
export function addonsOf(set: AddonSet, audit?: AuditSources): readonly Addon[] {
  const core = [networkAddon(), detectorAddon(audit)];
  return set === 'core' ? core : [...core, ingressAddon(), shopAddon()];
}

/**
 * The add-ons of a set by when they are applied: at once, or when all nodes are Ready, for what is to be spread over them. While one worker is Ready
 * and the other is not, the scheduler puts all on the first, and leaves it there.
 */
export function addonStages(
  set: AddonSet,
  audit: AuditSources,
): {
  readonly atOnce: readonly Addon[];
  readonly onReadyNodes: readonly Addon[];
} {
  const addons = addonsOf(set, audit);
  const isSpread = ({ name }: Addon): boolean => name === 'shop';
  return { atOnce: addons.filter((addon) => !isSpread(addon)), onReadyNodes: addons.filter(isSpread) };
}

/** Programs that have to be bundled into the toolbox image: those of all add-ons, and the keeper. */
export function labPrograms(): readonly ToolboxProgram[] {
  const programs = addonsOf('full').flatMap((addon) => addon.programs);
  const byName = new Map([...programs, KEEPER_PROGRAM].map((program) => [program.name, program]));
  return [...byName.values()];
}
