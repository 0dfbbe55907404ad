import { ExitCode, KubedrillError } from '../core/index.ts';
import { installEgressGuard } from './egress/index.ts';
import { resumeContainers } from './engine/containers.ts';
import { labParts, type LabParts } from './find.ts';
import { labFolder } from './names.ts';
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
    deps.reporter.info(`removed what was left of the lab ${plan.name}: ${removed.join(', ')}`);
    return undefined;
  }
  return deps.reporter.stage(`Verify the lab ${plan.name}`, (detail) => verify(deps, { record, parts }, detail));
}

function isNothing({ nodes, keeper, network }: LabParts): boolean {
  return nodes.length === 0 && keeper === undefined && network === 'none';
}

/** The parts once everything runs; undefined when something is gone for good. */
async function wholeAgain(deps: LabDeps, record: LabRecord, found: LabParts): Promise<LabParts | undefined> {
  if (whatIsMissing(record, found) === undefined) return found;
  const machines = [...found.nodes, ...(found.keeper ? [found.keeper] : [])];
  await resumeContainers(deps.runner, machines);
  const parts = await labParts(deps.runner, record.name);
  return whatIsMissing(record, parts) === undefined ? parts : undefined;
}

/** Addresses and ports may be others after a restart, and the host forgets its packet filter when it does. */
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
  return session;
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
