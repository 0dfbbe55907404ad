import { readdir } from 'node:fs/promises';
import type { Runner } from '../core/index.ts';
import { containersWithLabel, type Container } from './engine/containers.ts';
import { labsWithNetwork, networkOwner, ownContainers } from './engine/network.ts';
import { LAB_LABEL, keeperName, labFolder, networkName } from './names.ts';
import { kindNodes } from './provider/kind.ts';
import type { NodeFacts } from './provider/provider.ts';
import { hasRecord } from './record.ts';
import type { LabDeps } from './session.ts';

/** Everything of one lab that exists on this machine. */
export interface LabParts {
  readonly nodes: readonly NodeFacts[];
  readonly keeper: Container | undefined;
  readonly network: 'ours' | 'foreign' | 'none';
}

/** Looks for the containers and the network of a lab, by label; knows nothing of the state folder. */
export async function labParts(runner: Runner, lab: string): Promise<LabParts> {
  const [nodes, own, network] = await Promise.all([
    kindNodes(runner).nodes(lab),
    ownContainers(runner, lab),
    networkOwner(runner, lab),
  ]);
  return { nodes, keeper: own.find(({ name }) => name === keeperName(lab)), network };
}

/** IPv4 addresses of the machines that have one now, by container name. */
export function addressesOf({ nodes, keeper }: Pick<LabParts, 'nodes' | 'keeper'>): Readonly<Record<string, string>> {
  const own = nodes.map(({ name, addresses }) => [name, addresses.ipv4] as const);
  const all = keeper === undefined ? own : [...own, [keeper.name, keeper.ipv4] as const];
  return Object.fromEntries(all.filter(([, ipv4]) => ipv4 !== ''));
}

/** What there is of a lab in the engine, as lines; nothing is an empty list. */
export async function whatIsLeft({ runner }: Pick<LabDeps, 'runner'>, lab: string): Promise<readonly string[]> {
  const { nodes, keeper, network } = await labParts(runner, lab);
  return [
    ...[...nodes, ...(keeper ? [keeper] : [])].map(({ name }) => `container ${name}`),
    ...(network === 'ours' ? [`network ${networkName(lab)}`] : []),
  ];
}

/** Names of all labs of which anything is left: by label in the engine, by lab.json in the state folder. */
export async function labNames({ runner, paths }: Pick<LabDeps, 'runner' | 'paths'>): Promise<readonly string[]> {
  const [networks, containers, folders] = await Promise.all([
    labsWithNetwork(runner),
    containersWithLabel(runner, LAB_LABEL, { timeoutMs: 30_000 }),
    readdir(paths.state).catch(() => [] as readonly string[]),
  ]);
  const withRecord = await Promise.all(
    folders.map(async (folder) => ((await hasRecord(labFolder(paths, folder))) ? [folder] : [])),
  );
  const labelled = containers.flatMap(({ labels }) => labels[LAB_LABEL] ?? []);
  return [...new Set([...networks, ...labelled, ...withRecord.flat()])].sort();
}
