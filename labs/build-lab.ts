import { mkdir } from 'node:fs/promises';
import {
  API_VERSION,
  connectKube,
  done,
  notYet,
  runSteps,
  waitFor,
  type KubeClient,
  type Step,
} from '../core/index.ts';
import { auditSourcesOf } from './addons/audit-sources.ts';
import { addonStages } from './addons/registry.ts';
import { applyAll } from './addons/apply.ts';
import { installEgressGuard } from './egress/index.ts';
import { createNetwork, type LabNetwork } from './engine/network.ts';
import { addressesOf, labParts } from './find.ts';
import { startKeeper } from './keeper/container.ts';
import { saveFreshPicture } from './fresh-picture.ts';
import { labFolder } from './names.ts';
import { writeNodeNames } from './node-names.ts';
import { addonContextOf, kubeconfigFileOf, nodeHandles, openSession } from './open-session.ts';
import type { UpPlan } from './plan.ts';
import { makeAuditWebhook, type AuditWebhook } from './provider/audit-webhook.ts';
import type { HostTraits } from './provider/kind-config.ts';
import type { ClusterProvider, NodeFacts } from './provider/provider.ts';
import { frontDoorNode, machineNamesOf } from './provider/topology.ts';
import { nodeChecks, unmet } from './readiness.ts';
import { writeRecord } from './record.ts';
import { removeLab } from './remove.ts';
import type { LabDeps, LabRecord, Session } from './session.ts';
import { together } from './together.ts';
import { waitReady } from './wait-ready.ts';

/** What a lab is made with. */
export interface LabMaterials {
  readonly provider: ClusterProvider;
  readonly images: LabRecord['images'];
  readonly kubernetesVersion: string;
  readonly host: HostTraits;
}

interface Building {
  readonly deps: LabDeps;
  readonly plan: UpPlan;
  readonly materials: LabMaterials;
  readonly folder: string;
  network: LabNetwork;
}

/** kubeadm takes its time on a loaded machine. */
const MACHINES_TIMEOUT_MS = 120_000;
const API_TIMEOUT_MS = 600_000;
const NODES_TIMEOUT_MS = 300_000;
/** Each asking starts a few programs, which a small machine feels. */
const ASK_EVERY_MS = 1_000;

/** Makes a lab from nothing. A failure, and a cancelled signal, undo all of it. */
export async function buildLab(deps: LabDeps, plan: UpPlan, materials: LabMaterials): Promise<Session> {
  const building: Building = {
    deps,
    plan,
    materials,
    folder: labFolder(deps.paths, plan.name),
    network: { name: '', bridge: '' },
  };
  await runSteps(stepsOf(plan), building, deps.reporter, deps.signal);
  return openSession(deps, plan.name);
}

/** The undo of the first step removes whatever carries the lab's label, and so also what later steps made. */
function stepsOf({ name, topology, onFailure }: UpPlan): readonly Step<Building>[] {
  const undo = async ({ deps }: Building): Promise<void> => {
    await removeLab(deps, name);
  };
  return [
    {
      ...(onFailure === 'keep' ? {} : { undo }),
      title: `Make the network and the folder of the lab "${name}"`,
      run: async (building) => {
        await mkdir(building.folder, { recursive: true });
        building.network = await createNetwork(building.deps.runner, name);
      },
    },
    {
      title: `Create the cluster (${String(topology.controlPlanes)} + ${String(topology.workers)} nodes)`,
      // Written before all is ready: an `up` that is killed from here on is taken up again by the next one.
      run: async (building, detail) => {
        await createCluster(building, detail);
        await writeRecord(building.folder, await recordOf(building));
      },
    },
    { title: 'Wait until all of it is ready', run: waitForAll },
    {
      title: 'Take a picture of the fresh lab',
      run: async ({ deps }, detail) => saveFreshPicture(await openSession(deps, name), detail),
    },
  ];
}

/** Guard, keeper, node names and add-ons do not wait for kind: each starts as soon as what it needs is there. */
async function createCluster(building: Building, detail: (text: string) => void): Promise<void> {
  const { deps, plan, materials, folder, network } = building;
  const { name, topology, cni, audit } = plan;
  const auditWebhook = await webhookFor(building);
  const spec = {
    lab: name,
    topology,
    nodeImage: materials.images.node,
    host: materials.host,
    frontDoor: plan.addons === 'core' ? ('none' as const) : ('published' as const),
    cni,
    audit,
    ...(auditWebhook === undefined ? {} : { auditWebhook }),
    folder,
    kubeconfigFile: kubeconfigFileOf(folder),
    network: network.name,
  };
  await together(deps.signal, [
    (signal) => materials.provider.createCluster(spec, detail, signal),
    (signal) => guard(building, signal),
    (signal) => startKeeper(deps.runner, { lab: name, image: materials.images.toolbox, signal }),
    (signal) => applyEarly(building, auditWebhook, signal),
  ]);
}

async function webhookFor({ deps, plan, materials }: Building): Promise<AuditWebhook | undefined> {
  if (plan.audit === 'log') return undefined;
  return makeAuditWebhook({
    runner: deps.runner,
    toolboxImage: materials.images.toolbox,
    ...(deps.signal === undefined ? {} : { signal: deps.signal }),
  });
}

async function guard({ deps, plan, materials, network }: Building, signal: AbortSignal): Promise<void> {
  if (plan.egress === 'open') return;
  const request = { networkName: network.name, bridge: network.bridge, toolboxImage: materials.images.toolbox };
  await installEgressGuard({ runner: deps.runner, signal }, request);
}

/** Node names as soon as the machines run, add-ons as soon as the API server answers: while kind still joins workers. */
async function applyEarly(
  { deps, plan, materials }: Building,
  auditWebhook: AuditWebhook | undefined,
  signal: AbortSignal,
): Promise<void> {
  const waiting = { clock: deps.clock, signal };
  const machines = await waitFor(() => runningMachines(materials.provider, plan), {
    ...waiting,
    what: 'the node containers',
    timeoutMs: MACHINES_TIMEOUT_MS,
    intervalMs: ASK_EVERY_MS,
  });
  await writeNodeNames(nodeHandles(deps.runner, machines), machines, { signal });
  const kube = await waitFor(() => answeringApi(materials.provider, plan.name), {
    ...waiting,
    what: 'the API server',
    timeoutMs: API_TIMEOUT_MS,
    intervalMs: ASK_EVERY_MS,
  });
  const context = addonContextOf({ cluster: plan.name, topology: plan.topology.name, images: materials.images });
  const { atOnce, onReadyNodes } = addonStages(plan.addons, auditSourcesOf(plan.audit, auditWebhook?.server));
  await applyAll(
    kube,
    atOnce.flatMap((addon) => addon.manifests(context)),
    waiting,
  );
  await waitFor(() => readyNodes(kube, context.nodeNames), {
    ...waiting,
    what: 'the nodes to be Ready',
    timeoutMs: NODES_TIMEOUT_MS,
    intervalMs: 500,
  });
  await applyAll(
    kube,
    onReadyNodes.flatMap((addon) => addon.manifests(context)),
    waiting,
  );
}

async function readyNodes(kube: KubeClient, names: readonly string[]) {
  const waiting = unmet(await nodeChecks(kube, names));
  return waiting === '' ? done(undefined) : notYet(waiting);
}

async function runningMachines(provider: ClusterProvider, { name, topology }: UpPlan) {
  const nodes = await provider.nodes(name);
  const missing = machineNamesOf(name, topology).filter((wanted) => !nodes.some((node) => isUp(node, wanted)));
  return missing.length === 0 ? done(nodes) : notYet(`${missing.join(', ')} not running yet`);
}

function isUp(node: NodeFacts, name: string): boolean {
  return node.name === name && node.state === 'running' && node.addresses.ipv4 !== '';
}

async function answeringApi(provider: ClusterProvider, lab: string) {
  const kubeconfig = await provider.kubeconfig(lab);
  if (kubeconfig === undefined) return notYet('kubeadm has not written its admin.conf yet');
  const kube: KubeClient = await connectKube({ kubeconfig });
  const { status, text } = await kube.raw('GET', '/readyz');
  return status === 200 ? done(kube) : notYet(`/readyz: ${String(status)} ${text.slice(0, 200)}`);
}

async function waitForAll(building: Building, detail: (text: string) => void): Promise<void> {
  await waitReady(await openSession(building.deps, building.plan.name), detail);
}

async function recordOf({ deps, plan, materials, network }: Building): Promise<LabRecord> {
  const { nodes, keeper } = await labParts(deps.runner, plan.name);
  const ports = nodes.find(({ name }) => name === frontDoorNode(plan.name, plan.topology))?.ports ?? {};
  const [httpPort, httpsPort] = [ports['80'], ports['443']];
  return {
    apiVersion: API_VERSION,
    name: plan.name,
    cluster: plan.name,
    createdAt: deps.clock.now().toISOString(),
    topology: plan.topology.name,
    addons: plan.addons,
    cni: plan.cni,
    audit: plan.audit,
    kubernetesVersion: materials.kubernetesVersion,
    kindVersion: materials.provider.version,
    images: materials.images,
    network,
    addresses: addressesOf({ nodes, keeper }),
    ...(httpPort === undefined || httpsPort === undefined ? {} : { frontDoor: { httpPort, httpsPort } }),
    egressGuard: plan.egress === 'guarded',
  };
}
