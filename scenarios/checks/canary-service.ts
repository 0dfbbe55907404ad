import { elapsedMs, type KubeObject, type NodeHandle } from '../../core/index.ts';
import { mustGet } from '../faults/objects.ts';
import { refOf, refTo, type Service } from '../cluster/objects.ts';
import type { CheckContext, Finding } from '../define.ts';
import type { RunEnvironment } from '../ports.ts';
import { nodeGets, slowNodes } from './node-gets.ts';

const NAME = 'kubedrill-canary';
const PORT = 8099;
/** Who answers, as the echo names itself. */
const WEB_PODS = 'shop/web-';

/**
 * Makes a Service in front of the shop's `web` pods, looks whether every node follows within 5 s, deletes it, and looks whether its
 * address goes silent within 5 s. Rules that somebody wrote by hand follow neither way.
 */
export async function canaryServiceFollows(
  context: CheckContext<unknown>,
  nodes: readonly NodeHandle[],
): Promise<Finding> {
  const { env } = context;
  const { kube, clock } = env.session;
  const canary = await canaryFor(env);
  const startNs = clock.monotonicNs();
  try {
    const created = (await kube.create(canary)) as Service;
    const url = `http://${created.spec.clusterIP ?? ''}:${String(PORT)}/`;
    const late = await slowNodes(env, nodes, (node) => nodeGets(node, url, WEB_PODS));
    if (late.length > 0) return { ok: false, observed: `a new Service does not work within 5 s on ${late.join(', ')}` };
    const tookMs = elapsedMs(startNs, clock.monotonicNs());
    await kube.delete(refOf(canary));
    const left = await slowNodes(env, nodes, async (node) => !(await nodeGets(node, url, WEB_PODS)));
    if (left.length > 0)
      return { ok: false, observed: `a deleted Service still answers after 5 s on ${left.join(', ')}` };
    const seconds = (tookMs / 1000).toFixed(1);
    return { ok: true, observed: `a new Service worked after ${seconds} s, and was gone after its deletion` };
  } finally {
    await kube.delete(refOf(canary)).catch(() => undefined);
  }
}

async function canaryFor(env: RunEnvironment): Promise<KubeObject> {
  const web = await mustGet<Service>(env, refTo('v1', 'Service', 'web', 'shop'));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, namespace: 'shop' },
    spec: { selector: web.spec.selector, ports: [{ port: PORT, targetPort: 8080 }] },
  };
}
