import { done, notYet, waitFor, type KubeObject } from '../../../core/index.ts';
import { coreDnsReplicas, resolversKnow } from '../../checks/resolvers.ts';
import { dnsReplicas } from '../../cluster/coredns.ts';
import { refOf, type Service } from '../../cluster/objects.ts';
import { replacePods } from '../../cluster/pods.ts';
import type { CheckContext, Finding } from '../../define.ts';
import { outagesSince } from '../../grader/outages.ts';
import type { RunEnvironment } from '../../ports.ts';
import { CLUSTER_NAMES } from './paths.ts';

const RESTART_MS = 30_000;
/** What a restart of one replica of two may cost, in all. */
const LOST_MS = 1_000;
const FOLLOW_MS = 5_000;

/** Restarts the replicas one after the other; then a new Service has to be known to each of them. */
export async function survivesRestarts({ env }: CheckContext<object>): Promise<Finding> {
  const { session } = env;
  const sinceMs = Number(session.clock.monotonicNs() / 1_000_000n);
  for (const replica of await dnsReplicas(env)) await replacePods(session, [replica], RESTART_MS);
  const canary = await newServiceIsKnown(env);
  if (!canary.ok) return canary;
  const outages = outagesSince(await env.network.readMeter(), sinceMs).filter(({ path }) => path === CLUSTER_NAMES);
  const lostMs = outages.reduce((sum, { outageMs }) => sum + outageMs, 0);
  const lost = `${CLUSTER_NAMES} failed for ${(lostMs / 1000).toFixed(1)} s while the replicas were restarted one by one`;
  return { ok: lostMs <= LOST_MS, observed: `${lost}; ${canary.observed}` };
}

async function newServiceIsKnown(env: RunEnvironment): Promise<Finding> {
  const { kube, clock } = env.session;
  try {
    const { spec, metadata } = (await kube.create(CANARY)) as Service;
    const name = `${metadata.name}.${metadata.namespace ?? ''}.svc.cluster.local`;
    const known = [{ name, address: spec.clusterIP ?? '' }];
    const observed = await waitFor(
      async () => {
        const finding = await resolversKnow(await coreDnsReplicas(env), known);
        return finding.ok ? done(finding.observed) : notYet(finding.observed);
      },
      { what: `the name of a new Service`, timeoutMs: FOLLOW_MS, clock, intervalMs: 300 },
    );
    return { ok: true, observed };
  } finally {
    await kube.delete(refOf(CANARY)).catch(() => undefined);
  }
}

const CANARY: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubedrill-canary', namespace: 'shop' },
  spec: { ports: [{ port: 80 }] },
};
