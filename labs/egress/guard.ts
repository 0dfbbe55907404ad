import { KubedrillError, messageOf, prettyCommand } from '../../core/index.ts';
import { LIST_SCRIPT, parseHostFilter, type HostFilter } from './filter-dump.ts';
import {
  commandsToInstall,
  commandsToRemove,
  guardedNetworks,
  guardStatus,
  type FamilyGuard,
  type GuardedNetwork,
} from './guard-plan.ts';
import { runOnEngineHost, type EgressDeps } from './host-shell.ts';

/** `toolboxImage`: in the engine already; it carries iptables in both backends. */
export interface GuardRequest extends GuardedNetwork {
  readonly toolboxImage: string;
}

export interface EgressGuardStatus {
  /** Every family that the host has is guarded. */
  readonly ok: boolean;
  readonly families: readonly FamilyGuard[];
  /** Every network with a guard on this host, also of labs that are gone. */
  readonly guardedNetworks: readonly string[];
}

/**
 * Makes the engine's host refuse what enters from the lab's bridge and leaves by another interface, in both families.
 * Doing it again changes nothing. Fails when the guard does not stand afterwards.
 */
export async function installEgressGuard(deps: EgressDeps, request: GuardRequest): Promise<EgressGuardStatus> {
  const filter = await hostFilter(deps, request.toolboxImage);
  const commands = commandsToInstall(filter, request);
  const after = await runAll(deps, request.toolboxImage, commands, filter, 'the egress guard could not be set');
  const status = statusOf(after, request);
  if (!status.ok) throw notInPlace(request, status);
  return status;
}

/** Removes the guard of that network. Also fine when there is none. */
export async function removeEgressGuard(
  deps: EgressDeps,
  request: Pick<GuardRequest, 'networkName' | 'toolboxImage'>,
): Promise<void> {
  const filter = await hostFilter(deps, request.toolboxImage);
  const commands = commandsToRemove(filter, request.networkName);
  await runAll(deps, request.toolboxImage, commands, filter, 'the egress guard could not be removed');
}

/** Looks at the host's rules, and changes nothing. */
export async function egressGuardStatus(deps: EgressDeps, request: GuardRequest): Promise<EgressGuardStatus> {
  return statusOf(await hostFilter(deps, request.toolboxImage), request);
}

export async function hostFilter(deps: EgressDeps, toolboxImage: string): Promise<HostFilter> {
  return parseHostFilter(await runOnEngineHost(deps, toolboxImage, LIST_SCRIPT));
}

export function statusOf(filter: HostFilter, guarded: GuardedNetwork): EgressGuardStatus {
  const families = guardStatus(filter, guarded);
  return { ok: families.every(({ ok }) => ok), families, guardedNetworks: guardedNetworks(filter) };
}

export function notInPlace({ networkName }: GuardedNetwork, status: EgressGuardStatus): KubedrillError {
  const missing = status.families.filter(({ ok }) => !ok);
  return new KubedrillError({
    what: `the egress guard of network ${networkName} is not in place`,
    why: missing.map(({ family, observed }) => `${family}: ${observed}`).join('; '),
    hint: 'kubedrill up (it sets the guard again), or up --open-egress to go without',
  });
}

async function runAll(
  deps: EgressDeps,
  toolboxImage: string,
  commands: readonly (readonly string[])[],
  before: HostFilter,
  what: string,
): Promise<HostFilter> {
  if (commands.length === 0) return before;
  const script = ['set -e', ...commands.map(prettyCommand), 'set +e', LIST_SCRIPT].join('\n');
  try {
    return parseHostFilter(await runOnEngineHost(deps, toolboxImage, script));
  } catch (error) {
    deps.signal?.throwIfAborted();
    throw new KubedrillError({ what, why: messageOf(error), hint: 'kubedrill doctor', cause: error });
  }
}
