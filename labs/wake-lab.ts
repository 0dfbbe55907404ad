import { KubedrillError, type NodeHandle } from '../core/index.ts';
import { restartInOrder, unpauseContainers } from './engine/containers.ts';
import { addressesOf, labParts, type LabParts } from './find.ts';
import { startKeeper } from './keeper/container.ts';
import { keeperName } from './names.ts';
import { nodeHandles, whatIsMissing } from './open-session.ts';
import type { LabDeps, LabRecord } from './session.ts';

/** A lab whose machines all run at their addresses. */
export interface AwakeLab {
  readonly record: LabRecord;
  readonly parts: LabParts;
  /** When its machines went on, if they had been paused or stopped: what the API tells from before does not hold. */
  readonly wokenAt: Date | undefined;
}

/** Lets all machines of the lab run again, each at its old address; undefined when something is gone for good. */
export async function wakeLab(deps: LabDeps, record: LabRecord, found: LabParts): Promise<AwakeLab | undefined> {
  const { runner, clock } = deps;
  if (isGone(record, found)) return undefined;
  if (found.keeper === undefined) await startKeeper(runner, { lab: record.cluster, image: record.images.toolbox });
  const machines = [...found.nodes, ...(found.keeper ? [found.keeper] : [])];
  const paused = machines.filter(({ state }) => state === 'paused').map(({ name }) => name);
  const wokenAt = clock.now();
  await unpauseContainers(runner, paused);
  const [awake] = await Promise.all([
    labParts(runner, record.cluster),
    restartKubelets(
      nodeHandles(
        runner,
        found.nodes.filter(({ state }) => state === 'paused'),
      ),
    ),
  ]);
  if (isWhole(record, awake)) return { record, parts: awake, wokenAt: paused.length > 0 ? wokenAt : undefined };
  await deps.reporter.stage(`Start the machines of the lab "${record.name}"`, () =>
    restartInOrder(runner, byAddress(record.addresses)),
  );
  const parts = await labParts(runner, record.cluster);
  if (isWhole(record, parts)) return { record, parts, wokenAt };
  const missing = whatIsMissing(record, parts);
  throw cannotStart(record, missing ?? 'the engine gave its machines other addresses than the certificates name');
}

/**
 * Of a cluster that was frozen for more than 50 s the controller manager calls every node NotReady, for the leases are old, and a kubelet takes its own
 * runtime for dead at first and says more only 10 s later. One that begins anew looks first, and says at once what it sees.
 */
async function restartKubelets(nodes: readonly NodeHandle[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.exec(['systemctl', 'restart', 'kubelet'], { timeoutMs: 30_000 })));
}

/** A keeper that is gone is made anew: it holds nothing that is not gone with it. */
function isGone({ cluster, addresses }: LabRecord, { nodes, network }: LabParts): boolean {
  const there = [keeperName(cluster), ...nodes.map((node) => node.name)];
  return network !== 'ours' || Object.keys(addresses).some((machine) => !there.includes(machine));
}

function isWhole(record: LabRecord, parts: LabParts): boolean {
  const now = addressesOf(parts);
  const isAtItsAddresses = Object.entries(record.addresses).every(([name, address]) => now[name] === address);
  return whatIsMissing(record, parts) === undefined && isAtItsAddresses;
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
