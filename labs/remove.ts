import { rm } from 'node:fs/promises';
import { messageOf, type Runner } from '../core/index.ts';
import { removeEgressGuard } from './egress/index.ts';
import { removeContainers } from './engine/containers.ts';
import { ENGINE } from './engine/facts.ts';
import { networkOwner, ownContainers, removeNetwork } from './engine/network.ts';
import { LABEL } from './images/labels.ts';
import { labFolder, networkName } from './names.ts';
import { kindNodes } from './provider/kind.ts';
import { hasRecord, readRecord } from './record.ts';
import type { LabDeps } from './session.ts';

/**
 * Removes all that there is of a lab, whatever is missing of it already; only what carries its label or stands on its network. Is not to be
 * cancelled: half a removal helps nobody. Answers what was removed, as lines.
 */
export async function removeLab(deps: LabDeps, lab: string): Promise<readonly string[]> {
  const { runner, clock, paths } = deps;
  const folder = labFolder(paths, lab);
  const hadRecord = await hasRecord(folder);
  const guard = await removeGuard(deps, lab);
  const machines = await removeMachines(runner, lab);
  const hadNetwork = await removeNetwork(runner, clock, lab, () => removeMachines(runner, lab));
  await rm(folder, { recursive: true, force: true });
  return [
    ...machines.map((name) => `container ${name}`),
    ...guard,
    ...(hadNetwork ? [`network ${networkName(lab)}`] : []),
    ...(hadRecord ? [`folder ${folder}`] : []),
  ];
}

/** Nodes, keeper, helpers. */
async function removeMachines(runner: Runner, lab: string): Promise<readonly string[]> {
  const [nodes, own] = await Promise.all([kindNodes(runner).nodes(lab), ownContainers(runner, lab)]);
  const names = [...nodes, ...own].map(({ name }) => name);
  await removeContainers(runner, names);
  return names;
}

async function removeGuard({ runner, paths, reporter }: LabDeps, lab: string): Promise<readonly string[]> {
  const record = await readRecord(labFolder(paths, lab)).catch(() => undefined);
  const owner = await networkOwner(runner, lab);
  if (record?.egressGuard === false || (record === undefined && owner !== 'ours')) return [];
  const toolboxImage = record?.images.toolbox ?? (await anyToolbox(runner));
  if (toolboxImage === undefined) return [];
  try {
    await removeEgressGuard({ runner }, { networkName: networkName(lab), toolboxImage });
    return [`egress guard of ${networkName(lab)}`];
  } catch (error) {
    reporter.warn(`the egress guard of ${networkName(lab)} may be left: ${messageOf(error)}`);
    return [];
  }
}

/** The guard is set and removed by a container, and any toolbox can do it. */
async function anyToolbox(runner: Runner): Promise<string | undefined> {
  const args = ['images', '--quiet', '--filter', `label=${LABEL.kind}=toolbox`];
  const { stdout } = await runner.run(ENGINE, args, { timeoutMs: 30_000 });
  return stdout.split('\n').find((line) => line !== '');
}
