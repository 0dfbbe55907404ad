import { done, messageOf, notYet, waitFor, type KubeClient } from '../../core/index.ts';
import { OWN_NAMESPACES } from '../cluster/own-namespaces.ts';
import type { Workload } from '../cluster/objects.ts';
import type { RunEnvironment } from '../ports.ts';
import { waiting } from './paths.ts';

/** Time for a changed DaemonSet to replace its pods on every node, one after the other. */
const TIMEOUT_MS = 90_000;

/**
 * Waits until probes and detector run as their objects say, which were put back before their pods are. Returns what a person should
 * know when they do not: a lab may have had a dead node before.
 */
export async function waitForOwnPods(env: RunEnvironment, detail: (text: string) => void): Promise<readonly string[]> {
  try {
    await waitFor(
      async () => {
        const behind = await daemonSetsBehind(env.session.kube);
        return behind.length === 0 ? done(undefined) : notYet(`not all pods of ${behind.join(', ')} are ready`);
      },
      { ...waiting(env), what: 'the probes and the detector', timeoutMs: TIMEOUT_MS, onObserve: detail },
    );
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

async function daemonSetsBehind(kube: KubeClient): Promise<readonly string[]> {
  const all = OWN_NAMESPACES.map((namespace) => kube.list<Workload>('apps/v1', 'DaemonSet', { namespace }));
  return (await Promise.all(all))
    .flat()
    .filter((one) => !isRolledOut(one))
    .map(({ metadata }) => metadata.name);
}

function isRolledOut({ metadata, status = {} }: Workload): boolean {
  const wanted = status['desiredNumberScheduled'] ?? 0;
  const seen = status['observedGeneration'] === (metadata.generation ?? 0);
  return seen && status['updatedNumberScheduled'] === wanted && status['numberReady'] === wanted;
}
