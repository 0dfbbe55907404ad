import { readdir } from 'node:fs/promises';
import type { Runner } from '../core/index.ts';
import { containersWithLabel, type Container } from './engine/containers.ts';
import { labsWithNetwork, networkOwner, ownContainers } from './engine/network.ts';
import { LAB_LABEL, keeperName, labFolder, networkName } from './names.ts';
import { kindNodes } from './provider/kind.ts';
import type { NodeFacts } from './provider/provider.ts';
import { hasRecord, readRecord } from './record.ts';
import { pooledClusters } from './pool/folder.ts';
import type { LabDeps, LabRecord } from './session.ts';

/** Everything of one lab that exists on this machine. */
export interface LabParts {
  readonly nodes: readonly NodeFacts[];
  readonly keeper: Container | undefined;
  readonly network: 'ours' | 'foreign' | 'none';
}

/** Looks for the containers and the network of a cluster, by label; knows nothing of the state folder. */
export async function labParts(runner: Runner, cluster: string): Promise<LabParts> {
  const [nodes, own, network] = await Promise.all([
    kindNodes(runner).nodes(cluster),
    ownContainers(runner, cluster),
    networkOwner(runner, cluster),
  ]);
  return { nodes, keeper: own.find(({ name }) => name === keeperName(cluster)), network };
}

/** IPv4 addresses of the machines that have one now, by container name. */
export function addressesOf({ nodes, keeper }: Pick<LabParts, 'nodes' | 'keeper'>): Readonly<Record<string, string>> {
  const own = nodes.map(({ name, addresses }) => [name, addresses.ipv4] as const);
  const all = keeper === undefined ? own : [...own, [keeper.name, keeper.ipv4] as const];
  return Object.fromEntries(all.filter(([, ipv4]) => ipv4 !== ''));
}

/** What there is of a lab in the engine, as lines; nothing is an empty list. */
export async function whatIsLeft(deps: Pick<LabDeps, 'runner' | 'paths'>, lab: string): Promise<readonly string[]> {
  const cluster = await clusterOf(deps, lab);
  const { nodes, keeper, network } = await labParts(deps.runner, cluster);
  return [
    ...[...nodes, ...(keeper ? [keeper] : [])].map(({ name }) => `container ${name}`),
    ...(network === 'ours' ? [`network ${networkName(cluster)}`] : []),
  ];
}

/** Name of the lab's cluster: what its record says, else the lab's own. */
export async function clusterOf({ paths }: Pick<LabDeps, 'paths'>, lab: string): Promise<string> {
  const record = await readRecord(labFolder(paths, lab)).catch(() => undefined);
  return record?.cluster ?? lab;
}

/** The records of all labs that have one that can be read. */
export async function labRecords({ paths }: Pick<LabDeps, 'paths'>): Promise<readonly LabRecord[]> {
  const folders = await readdir(paths.state).catch(() => [] as readonly string[]);
  const records = await Promise.all(
    folders.map((folder) => readRecord(labFolder(paths, folder)).catch(() => undefined)),
  );
  return records.filter((record) => record !== undefined);
}

/**
 * Names of all labs of which anything is left: by label in the engine, by lab.json in the state folder. What carries the name of a cluster of the
 * pool's is the pool's, or belongs to the lab that took it.
 */
export async function labNames({ runner, paths }: Pick<LabDeps, 'runner' | 'paths'>): Promise<readonly string[]> {
  const [networks, containers, folders, pooled] = await Promise.all([
    labsWithNetwork(runner),
    containersWithLabel(runner, LAB_LABEL, { timeoutMs: 30_000 }),
    readdir(paths.state).catch(() => [] as readonly string[]),
    pooledClusters(paths),
  ]);
  const withRecord = await Promise.all(
    folders.map(async (folder) => ((await hasRecord(labFolder(paths, folder))) ? [folder] : [])),
  );
  const labelled = containers.flatMap(({ labels }) => labels[LAB_LABEL] ?? []);
  const byLabel = [...networks, ...labelled].filter((name) => !pooled.includes(name));
  return [...new Set([...byLabel, ...withRecord.flat()])].sort();
}
