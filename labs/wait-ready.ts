import { done, notYet, waitFor, type CheckResult, type KubeObject } from '../core/index.ts';
import { addonsOf } from './addons/registry.ts';
import { addonChecks, leaseChecks, nodeChecks, podChecks, unmet } from './readiness.ts';
import type { Session } from './session.ts';

const READY_TIMEOUT_MS = 300_000;

/**
 * Waits until nodes, the pods of the system and of the add-ons, and the add-ons themselves are ready. The add-ons are asked once the pods are:
 * they look more closely, and on a small machine looking takes time from what is looked at. With `wokenAt`, what the API told before does not count.
 */
export async function waitReady(
  session: Session,
  detail: (text: string) => void,
  { wokenAt }: { readonly wokenAt?: Date | undefined } = {},
): Promise<void> {
  await waitFor(
    async () => {
      const waiting = await unready(session, wokenAt);
      return waiting === '' ? done(undefined) : notYet(waiting);
    },
    {
      what: `the lab "${session.lab.name}" to be ready`,
      timeoutMs: READY_TIMEOUT_MS,
      intervalMs: 500,
      clock: session.clock,
      onObserve: detail,
      ...(session.signal === undefined ? {} : { signal: session.signal }),
    },
  );
}

/** What of nodes, pods and add-ons is not ready, in words; empty when all is. Fails when the API server does not answer. */
export async function unready(session: Session, wokenAt?: Date): Promise<string> {
  return unmet(await readyChecks(session, wokenAt));
}

async function readyChecks(session: Session, wokenAt: Date | undefined): Promise<readonly CheckResult[]> {
  const { kube, addonContext, channel, nodes, keeper, lab, clock } = session;
  const addons = addonsOf(lab.addons);
  const namespaces = new Set(addons.flatMap((addon) => addon.manifests(addonContext).flatMap(namespaceOf)));
  const cluster = [
    ...(wokenAt === undefined ? [] : await leaseChecks(kube, addonContext.nodeNames, wokenAt)),
    ...(await nodeChecks(kube, addonContext.nodeNames)),
    ...(await podChecks(kube, ['kube-system', ...namespaces], clock.now())),
  ];
  if (cluster.some(({ ok }) => !ok)) return cluster;
  return addonChecks(addons, { ...addonContext, kube, channel, nodes, keeper });
}

/** Where an add-on's pods are; other objects of it may be elsewhere. */
function namespaceOf({ kind, metadata }: KubeObject): readonly string[] {
  const makesPods = ['DaemonSet', 'Deployment', 'StatefulSet'].includes(kind);
  return makesPods && metadata.namespace !== undefined ? [metadata.namespace] : [];
}
