import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ExitCode,
  KubedrillError,
  connectKube,
  nearest,
  type AddonContext,
  type NodeHandle,
  type Runner,
} from '../core/index.ts';
import { nodeChannel } from './channel.ts';
import { withEngine } from './engine/require.ts';
import { labNames, labParts, type LabParts } from './find.ts';
import { DEFAULT_LAB, checkedLabName, labFolder } from './names.ts';
import { nodeHandle } from './node-handle.ts';
import { kindNodes } from './provider/kind.ts';
import type { NodeFacts } from './provider/provider.ts';
import { apiServerOf, machineNamesOf, nodeNamesOf, topologyOf } from './provider/topology.ts';
import { readRecord } from './record.ts';
import type { LabDeps, LabRecord, Session } from './session.ts';

const KUBECONFIG_FILE = 'kubeconfig';

/** Opens a lab that is up. Fails with exit code 5 when there is none of that name, or when it is not one of kubedrill's. */
export async function openSession(deps: LabDeps, name = DEFAULT_LAB): Promise<Session> {
  const folder = labFolder(deps.paths, checkedLabName(name));
  const record = await readRecord(folder);
  const parts = await withEngine(deps, () => labParts(deps.runner, record?.cluster ?? name));
  if (record === undefined) throw await noLab(deps, name, parts);
  const missing = whatIsMissing(record, parts);
  if (missing !== undefined) throw brokenLab(name, missing);
  return sessionOf(deps, record, parts);
}

/** The session of a lab whose parts are all there. */
export async function sessionOf(deps: LabDeps, record: LabRecord, parts: LabParts): Promise<Session> {
  const folder = labFolder(deps.paths, record.name);
  const kubeconfigFile = kubeconfigFileOf(folder);
  const text = await readFile(kubeconfigFile, 'utf8').catch(() => '');
  checkKubeconfig(text, kubeconfigFile, record, parts.nodes);
  return {
    ...deps,
    lab: record,
    folder,
    kubeconfigFile,
    nodes: nodeHandles(deps.runner, parts.nodes),
    keeper: keeperHandle(deps.runner, parts),
    kube: await connectKube({ kubeconfig: text }),
    channel: nodeChannel(deps.signal),
    addonContext: addonContextOf(record),
  };
}

export function kubeconfigFileOf(folder: string): string {
  return join(folder, KUBECONFIG_FILE);
}

/** Writes the kubeconfig again when it does not lead to the lab's API server, as after a restart on another port. */
export async function rewriteKubeconfig(deps: LabDeps, record: LabRecord, { nodes }: LabParts): Promise<void> {
  const file = kubeconfigFileOf(labFolder(deps.paths, record.name));
  const text = await readFile(file, 'utf8').catch(() => '');
  if (leadsTo(text, nodes)) return;
  const fresh = await kindNodes(deps.runner).kubeconfig(record.cluster);
  if (fresh !== undefined) await writeFile(file, fresh, { mode: 0o600 });
}

/** What add-ons may know; all of it is known before the cluster is. */
export function addonContextOf(record: Pick<LabRecord, 'cluster' | 'topology' | 'images'>): AddonContext {
  const topology = topologyOf(record.topology);
  return {
    labName: record.cluster,
    nodeNames: nodeNamesOf(record.cluster, topology),
    topology: { controlPlanes: topology.controlPlanes, workers: topology.workers },
    toolboxImage: record.images.toolbox,
    ...(record.images.traefik === undefined ? {} : { traefikImage: record.images.traefik }),
    apiServer: apiServerOf(record.cluster, topology),
  };
}

/** Handles of the machines that are Kubernetes nodes, control planes first. */
export function nodeHandles(runner: Runner, nodes: readonly NodeFacts[]): readonly NodeHandle[] {
  return (['control-plane', 'worker'] as const).flatMap((role) =>
    nodes
      .filter((node) => node.role === role)
      .map(({ name, addresses }) => nodeHandle(runner, { name, role, addresses })),
  );
}

export function keeperHandle(runner: Runner, { keeper }: Pick<LabParts, 'keeper'>): NodeHandle {
  const addresses = { ipv4: keeper?.ipv4 ?? '', ...(keeper?.ipv6 ? { ipv6: keeper.ipv6 } : {}) };
  return nodeHandle(runner, { name: keeper?.name ?? '', role: 'keeper', addresses });
}

/** Why the lab cannot be used as it is, or undefined when all its machines run. */
export function whatIsMissing(record: LabRecord, { nodes, keeper, network }: LabParts): string | undefined {
  const expected = machineNamesOf(record.cluster, topologyOf(record.topology));
  const gone = expected.filter((name) => !nodes.some((node) => node.name === name));
  const paused = nodes.filter(({ state }) => state === 'paused').map(({ name }) => name);
  const stopped = nodes.filter(({ state }) => state === 'stopped').map(({ name }) => name);
  if (network !== 'ours') return `its network ${record.network.name} is gone`;
  if (gone.length > 0) return `${gone.join(', ')} ${gone.length === 1 ? 'is' : 'are'} gone`;
  if (stopped.length > 0) return `${stopped.join(', ')} ${stopped.length === 1 ? 'is' : 'are'} stopped`;
  if (paused.length > 0) return `${paused.join(', ')} ${paused.length === 1 ? 'is' : 'are'} paused`;
  if (keeper?.state !== 'running') return `its keeper is ${keeper?.state ?? 'gone'}`;
  return undefined;
}

/** The kubeconfig has to lead to this very lab's API server: to the port that its container publishes on loopback. */
function checkKubeconfig(text: string, file: string, record: LabRecord, nodes: readonly NodeFacts[]): void {
  if (leadsTo(text, nodes)) return;
  const server = serverIn(text);
  throw new KubedrillError({
    what: `${file} does not lead to the lab "${record.name}"`,
    why: server === undefined ? 'it names no server' : `it names ${server}, which is not the lab's API server`,
    hint: `kubedrill up --name ${record.name} (it writes the file again)`,
    exitCode: ExitCode.noLab,
  });
}

function leadsTo(kubeconfig: string, nodes: readonly NodeFacts[]): boolean {
  const ports = nodes.flatMap(({ ports: published }) => published['6443'] ?? []);
  return ports.some((port) => serverIn(kubeconfig) === `https://127.0.0.1:${String(port)}`);
}

function serverIn(kubeconfig: string): string | undefined {
  return /^\s*server:\s*(\S+)/m.exec(kubeconfig)?.[1];
}

async function noLab(deps: LabDeps, name: string, parts: LabParts): Promise<KubedrillError> {
  const isUnfinished = parts.nodes.length > 0 || parts.network === 'ours';
  const others = nearest(name, await labNames(deps));
  return new KubedrillError({
    what: `no lab ${name}`,
    why: isUnfinished
      ? 'parts of it are there, but its state folder is not'
      : others.length === 0
        ? 'no lab of that name is up'
        : `there is ${others.join(', ')}`,
    hint: `kubedrill up${name === DEFAULT_LAB ? '' : ` --name ${name}`}`,
    exitCode: ExitCode.noLab,
  });
}

function brokenLab(name: string, missing: string): KubedrillError {
  return new KubedrillError({
    what: `the lab "${name}" cannot be used`,
    why: missing,
    hint: `kubedrill up --name ${name} (it starts what is stopped, and builds anew what is gone)`,
    exitCode: ExitCode.noLab,
  });
}
