import { rm } from 'node:fs/promises';
import { messageOf, type Runner } from '../core/index.ts';
import { removeEgressGuard } from './egress/index.ts';
import { removeContainers } from './engine/containers.ts';
import { ENGINE } from './engine/facts.ts';
import { networkOwner, ownContainers, removeNetwork } from './engine/network.ts';
import { LABEL } from './images/labels.ts';
import { labFolder, networkName } from './names.ts';
import { kindNodes } from './provider/kind.ts';
import { pooledFolder } from './pool/folder.ts';
import { hasRecord, readRecord } from './record.ts';
import type { LabDeps, LabRecord } from './session.ts';

/**
 * Removes all that there is of a lab, whatever is missing of it already; only what carries its label or stands on its network. Is not to be
 * cancelled: half a removal helps nobody. Answers what was removed, as lines.
 */
export async function removeLab(deps: LabDeps, lab: string): Promise<readonly string[]> {
  const { runner, clock, paths } = deps;
  const folder = labFolder(paths, lab);
  const hadRecord = await hasRecord(folder);
  const record = await readRecord(folder).catch(() => undefined);
  const cluster = record?.cluster ?? lab;
  const guard = await removeGuard(deps, cluster, record);
  const machines = await removeMachines(runner, cluster);
  const hadNetwork = await removeNetwork(runner, clock, cluster, () => removeMachines(runner, cluster));
  if (cluster !== lab) await rm(pooledFolder(paths, cluster), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  return [
    ...machines.map((name) => `container ${name}`),
    ...guard,
    ...(hadNetwork ? [`network ${networkName(cluster)}`] : []),
    ...(hadRecord ? [`folder ${folder}`] : []),
  ];
}

/** Nodes, keeper, helpers. */
async function removeMachines(runner: Runner, cluster: string): Promise<readonly string[]> {
  const [nodes, own] = await Promise.all([kindNodes(runner).nodes(cluster), ownContainers(runner, cluster)]);
  const names = [...nodes, ...own].map(({ name }) => name);
  await removeContainers(runner, names);
  return names;
}

async function removeGuard(
  { runner, reporter }: LabDeps,
  cluster: string,
  record: LabRecord | undefined,
): Promise<readonly string[]> {
  const owner = await networkOwner(runner, cluster);
  if (record?.egressGuard === false || (record === undefined && owner !== 'ours')) return [];
  const toolboxImage = record?.images.toolbox ?? (await anyToolbox(runner));
  if (toolboxImage === undefined) return [];
  try {
    await removeEgressGuard({ runner }, { networkName: networkName(cluster), toolboxImage });
    return [`egress guard of ${networkName(cluster)}`];
  } catch (error) {
    reporter.warn(`the egress guard of ${networkName(cluster)} may be left: ${messageOf(error)}`);
    return [];
  }
}

/** The guard is set and removed by a container, and any toolbox can do it. */
async function anyToolbox(runner: Runner): Promise<string | undefined> {
  const args = ['images', '--quiet', '--filter', `label=${LABEL.kind}=toolbox`];
  const { stdout } = await runner.run(ENGINE, args, { timeoutMs: 30_000 });
  return stdout.split('\n').find((line) => line !== '');
}
