import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { ExitCode, KubedrillError, RunError, type Runner } from '../../core/index.ts';
import { containersWithLabel, removeContainers, type Container } from '../engine/containers.ts';
import { ENGINE } from '../engine/facts.ts';
import { KIND_LABEL, networkName } from '../names.ts';
import { AUDIT_POLICY_FILE, auditPolicy } from './audit-policy.ts';
import { AUDIT_WEBHOOK_FILE } from './audit-webhook.ts';
import { COREDNS_PATCH_FILE, corednsPatch, KUBEADM_PATCHES_FOLDER } from './kubeadm-patches.ts';
import { kindConfig } from './kind-config.ts';
import type { ClusterProvider, ClusterSpec, NodeFacts } from './provider.ts';

export interface KindProgram {
  readonly path: string;
  readonly version: string;
}

/** Folder of a lab from which its control planes mount files: it stays where it is for as long as they live. */
export const MOUNTED_FOLDER = 'control-plane';

const ROLE_LABEL = 'io.x-k8s.kind.role';
const CREATE_TIMEOUT_MS = 15 * 60_000;

/** Clusters by kind, in the engine's containers. */
export function kindProvider(runner: Runner, kind: KindProgram): ClusterProvider {
  return {
    version: kind.version,
    createCluster: (spec, detail, signal) =>
      createCluster(runner, kind, spec, { detail, ...(signal ? { signal } : {}) }),
    ...kindNodes(runner),
  };
}

/** The part of the provider that needs only the engine, not kind: enough to find and to remove a lab. */
export function kindNodes(runner: Runner): Pick<ClusterProvider, 'nodes' | 'kubeconfig' | 'removeNodes'> {
  return {
    nodes: async (lab) => (await ownNodes(runner, lab)).map(nodeFactsOf),
    kubeconfig: (lab) => kubeconfig(runner, lab),
    removeNodes: async (lab) => {
      const names = (await ownNodes(runner, lab)).map(({ name }) => name);
      await removeContainers(runner, names);
      return names;
    },
  };
}

/** Node containers of a kind cluster of that name which is not a lab of kubedrill's. */
export async function foreignNodes(runner: Runner, lab: string): Promise<readonly string[]> {
  return (await clusterNodes(runner, lab)).filter((node) => !isOnLabNetwork(node, lab)).map(({ name }) => name);
}

async function createCluster(
  runner: Runner,
  kind: KindProgram,
  spec: ClusterSpec,
  { detail, signal }: { readonly detail: (text: string) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const configFolder = await writeControlPlaneConfig(spec);
  const args = ['create', 'cluster', '--name', spec.lab, '--config', '-', '--kubeconfig', spec.kubeconfigFile];
  try {
    await runner.run(kind.path, args, {
      input: stringify(kindConfig({ ...spec, controlPlaneConfigFolder: configFolder })),
      env: { KIND_EXPERIMENTAL_PROVIDER: ENGINE, KIND_EXPERIMENTAL_DOCKER_NETWORK: spec.network },
      timeoutMs: CREATE_TIMEOUT_MS,
      onLine: (line) => {
        const stage = /[•✓✗]\s*(.*?)\s*(?:\.\.\.)?\s*$/.exec(line)?.[1];
        if (stage !== undefined && stage !== '') detail(stage);
      },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw createError(error, spec);
  }
}

/** Files that kubeadm and the API server read on control planes; returns the folder to mount there. */
async function writeControlPlaneConfig({ folder: labFolder, auditWebhook }: ClusterSpec): Promise<string> {
  const folder = join(labFolder, MOUNTED_FOLDER);
  const patches = join(folder, basename(KUBEADM_PATCHES_FOLDER));
  await mkdir(patches, { recursive: true });
  await writeFile(join(folder, basename(AUDIT_POLICY_FILE)), stringify(auditPolicy()));
  await writeFile(join(patches, COREDNS_PATCH_FILE), stringify(corednsPatch()));
  if (auditWebhook !== undefined) {
    const file = join(folder, basename(AUDIT_WEBHOOK_FILE));
    await writeFile(file, stringify(auditWebhook.kubeconfig), { mode: 0o600 });
  }
  return folder;
}

/** kind prints `ERROR: what: why`, then pages of kubeadm's output: the first line says it. */
function createError(error: unknown, { lab }: ClusterSpec): unknown {
  if (!(error instanceof RunError) || error.facts.notFound || error.facts.canceled) return error;
  const said = /^ERROR: (.*)$/m.exec(error.facts.stderr)?.[1];
  return new KubedrillError({
    what: `kind could not create the cluster ${lab}`,
    why: [said ?? error.why, kubeadmReason(error.facts.stderr)].filter((text) => text !== undefined).join(' — '),
    hint: 'kubedrill doctor, then kubedrill up --verbose',
    exitCode: ExitCode.failed,
    cause: error,
  });
}

/** The last line in which kubeadm or a Kubernetes component complained, when kind shows its output. */
function kubeadmReason(text: string): string | undefined {
  return text
    .split('\n')
    .filter(
      (line) => /\[ERROR|error execution phase|^error:|unable to|cannot /i.test(line) && !line.startsWith('ERROR:'),
    )
    .at(-1)
    ?.trim();
}

async function ownNodes(runner: Runner, lab: string): Promise<readonly Container[]> {
  return (await clusterNodes(runner, lab)).filter((node) => isOnLabNetwork(node, lab));
}

function clusterNodes(runner: Runner, lab: string): Promise<readonly Container[]> {
  return containersWithLabel(runner, `${KIND_LABEL}=${lab}`, { timeoutMs: 30_000 });
}

function isOnLabNetwork(node: Container, lab: string): boolean {
  return node.network === networkName(lab);
}

function nodeFactsOf(container: Container): NodeFacts {
  return {
    name: container.name,
    role: roleOf(container.labels[ROLE_LABEL]),
    state: container.state,
    addresses: { ipv4: container.ipv4, ...(container.ipv6 === '' ? {} : { ipv6: container.ipv6 }) },
    ports: container.ports,
    network: container.network,
  };
}

function roleOf(label: string | undefined): NodeFacts['role'] {
  if (label === 'control-plane' || label === 'worker') return label;
  return 'load-balancer';
}

/** kubeadm's admin.conf with the published loopback port in place of the name that only nodes can resolve. */
async function kubeconfig(runner: Runner, lab: string): Promise<string | undefined> {
  const nodes = (await ownNodes(runner, lab)).map(nodeFactsOf);
  const doors = nodes.filter(({ ports }) => ports['6443'] !== undefined);
  // Each of several control planes is published too, but only the balancer outlives any one of them.
  const door = doors.find(({ role }) => role === 'load-balancer') ?? doors[0];
  const controlPlane = nodes.find(({ role, state }) => role === 'control-plane' && state === 'running');
  const port = door?.ports['6443'];
  if (port === undefined || controlPlane === undefined) return undefined;
  const args = ['exec', controlPlane.name, 'cat', '/etc/kubernetes/admin.conf'];
  const { stdout, exitCode } = await runner.run(ENGINE, args, { timeoutMs: 10_000, okExitCodes: [0, 1] });
  if (exitCode !== 0 || stdout.trim() === '') return undefined;
  return stdout.replace(/^(\s*server:\s*).*$/m, `$1https://127.0.0.1:${String(port)}`);
}
