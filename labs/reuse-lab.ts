import { ExitCode, KubedrillError } from '../core/index.ts';
import { installEgressGuard } from './egress/index.ts';
import { restartInOrder, unpauseContainers } from './engine/containers.ts';
import { addressesOf, labParts, type LabParts } from './find.ts';
import { toolboxReference } from './images/index.ts';
import { startKeeper } from './keeper/container.ts';
import { keeperName, labFolder } from './names.ts';
import { writeNodeNames } from './node-names.ts';
import { nodeHandles, rewriteKubeconfig, sessionOf, whatIsMissing } from './open-session.ts';
import { checkSameLab, type UpOptions, type UpPlan } from './plan.ts';
import { foreignNodes } from './provider/kind.ts';
import { readRecord } from './record.ts';
import { removeLab } from './remove.ts';
import type { LabDeps, LabRecord, Session } from './session.ts';
import { waitReady } from './wait-ready.ts';

/**
 * The lab of that name when there is one: started where it is stopped, verified, put right where that is cheap. Undefined when there is none; what was
 * left of one that is not whole any more is removed then. Fails for a kind cluster of that name that is not kubedrill's.
 */
export async function reuseLab(deps: LabDeps, plan: UpPlan, options: UpOptions): Promise<Session | undefined> {
  const { runner, paths } = deps;
  const foreign = await foreignNodes(runner, plan.name);
  if (foreign.length > 0) throw notOurs(plan.name, foreign);
  const [record, found] = await Promise.all([readRecord(labFolder(paths, plan.name)), labParts(runner, plan.name)]);
  if (found.network === 'foreign') throw notOurs(plan.name, [`network kubedrill-${plan.name}`]);
  if (record === undefined && isNothing(found)) return undefined;
  if (record !== undefined) checkSameLab(record, options);
  const parts = record === undefined ? undefined : await wholeAgain(deps, record, found);
  if (record === undefined || parts === undefined) {
    const removed = await removeLab(deps, plan.name);
    deps.reporter.info(`removed what was left of the lab "${plan.name}": ${removed.join(', ')}`);
    return undefined;
  }
  return deps.reporter.stage(`Verify the lab "${plan.name}"`, (detail) => verify(deps, { record, parts }, detail));
}

function isNothing({ nodes, keeper, network }: LabParts): boolean {
  return nodes.length === 0 && keeper === undefined && network === 'none';
}

/** The parts once everything runs at its old address; undefined when something is gone for good. */
async function wholeAgain(deps: LabDeps, record: LabRecord, found: LabParts): Promise<LabParts | undefined> {
  const { runner } = deps;
  if (isGone(record, found)) return undefined;
  if (found.keeper === undefined) await startKeeper(runner, { lab: record.name, image: record.images.toolbox });
  const machines = [...found.nodes, ...(found.keeper ? [found.keeper] : [])];
  await unpauseContainers(
    runner,
    machines.filter(({ state }) => state === 'paused').map(({ name }) => name),
  );
  const awake = await labParts(runner, record.name);
  if (whatIsMissing(record, awake) === undefined && isAtItsAddresses(record, awake)) return awake;
  await deps.reporter.stage(`Start the machines of the lab "${record.name}"`, () =>
    restartInOrder(runner, byAddress(record.addresses)),
  );
  const parts = await labParts(runner, record.name);
  const missing = whatIsMissing(record, parts);
  if (missing === undefined && isAtItsAddresses(record, parts)) return parts;
  throw cannotStart(record, missing ?? 'the engine gave its machines other addresses than the certificates name');
}

/** A keeper that is gone is made anew: it holds nothing that is not gone with it. */
function isGone({ name, addresses }: LabRecord, { nodes, network }: LabParts): boolean {
  const there = [keeperName(name), ...nodes.map((node) => node.name)];
  return network !== 'ours' || Object.keys(addresses).some((machine) => !there.includes(machine));
}

function isAtItsAddresses(record: LabRecord, parts: LabParts): boolean {
  const now = addressesOf(parts);
  return Object.entries(record.addresses).every(([name, address]) => now[name] === address);
}

/** Container names, lowest address first. */
function byAddress(addresses: LabRecord['addresses']): readonly string[] {
  const value = (address: string): number => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Object.entries(addresses)
    .sort(([, a], [, b]) => value(a) - value(b))
    .map(([name]) => name);
}

function cannotStart({ name }: LabRecord, why: string): KubedrillError {
  return new KubedrillError({
    what: `the lab "${name}" could not be started again`,
    why,
    hint: `kubedrill down --name ${name}, then kubedrill up --name ${name}`,
  });
}

/** A restarted container has a new hosts file and may have other ports, and a restarted host forgets its packet filter. */
async function verify(
  deps: LabDeps,
  { record, parts }: { readonly record: LabRecord; readonly parts: LabParts },
  detail: (text: string) => void,
): Promise<Session> {
  await Promise.all([
    guard(deps, record),
    writeNodeNames(nodeHandles(deps.runner, parts.nodes), parts.nodes),
    rewriteKubeconfig(deps, record, parts),
  ]);
  const session = await sessionOf(deps, record, parts);
  await waitReady(session, detail);
  await sayIfOlder(deps, record);
  return session;
}

/** After an update of kubedrill a lab goes on with the probers and the detector that it was made with. */
async function sayIfOlder(deps: LabDeps, { name, images, kubernetesVersion }: LabRecord): Promise<void> {
  if ((await toolboxReference({ ...deps, kubernetesVersion })) === images.toolbox) return;
  deps.reporter.warn(
    `the lab "${name}" runs the programs of another version of kubedrill: kubedrill down && kubedrill up gives it this one's`,
  );
}

async function guard(deps: LabDeps, { egressGuard, network, images }: LabRecord): Promise<void> {
  if (!egressGuard) return;
  await installEgressGuard(deps, {
    networkName: network.name,
    bridge: network.bridge,
    toolboxImage: images.toolbox,
  });
}

function notOurs(name: string, parts: readonly string[]): KubedrillError {
  return new KubedrillError({
    what: `the name ${name} is taken`,
    why: `${parts.join(', ')} ${parts.length === 1 ? 'is' : 'are'} there, and kubedrill did not create ${parts.length === 1 ? 'it' : 'them'}`,
    hint: 'choose another name: kubedrill up --name drill',
    exitCode: ExitCode.usage,
  });
}
