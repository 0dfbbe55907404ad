import { installEgressGuard } from './egress/index.ts';
import { writeNodeNames } from './node-names.ts';
import { nodeHandles, rewriteKubeconfig, sessionOf } from './open-session.ts';
import type { LabDeps, LabRecord, Session } from './session.ts';
import { waitReady } from './wait-ready.ts';
import type { AwakeLab } from './wake-lab.ts';

/**
 * Puts right what a restart takes with it, and waits until all is ready: a restarted container has a new hosts file and may have other ports, and a
 * restarted host forgets its packet filter.
 */
export async function verifyLab(
  deps: LabDeps,
  { record, parts, wokenAt }: AwakeLab,
  detail: (text: string) => void,
): Promise<Session> {
  await Promise.all([
    guard(deps, record),
    writeNodeNames(nodeHandles(deps.runner, parts.nodes), parts.nodes),
    rewriteKubeconfig(deps, record, parts),
  ]);
  const session = await sessionOf(deps, record, parts);
  await waitReady(session, detail, { wokenAt });
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
