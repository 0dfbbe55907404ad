import { done, elapsedMs, notYet, waitFor, type KubeObject, type NodeHandle } from '../../core/index.ts';
import { mustGet } from '../faults/objects.ts';
import { refOf, refTo, type Service } from '../cluster/objects.ts';
import type { CheckContext, Finding } from '../define.ts';
import type { RunEnvironment } from '../ports.ts';

/** Time for kube-proxy to follow. */
const FOLLOW_MS = 5_000;
const NAME = 'kubedrill-canary';
const PORT = 8099;

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
    const address = created.spec.clusterIP ?? '';
    const late = await slowNodes(env, nodes, address, 'answers');
    if (late !== undefined) return { ok: false, observed: `a new Service does not work within 5 s: ${late}` };
    const tookMs = elapsedMs(startNs, clock.monotonicNs());
    await kube.delete(refOf(canary));
    const left = await slowNodes(env, nodes, address, 'silent');
    if (left !== undefined) return { ok: false, observed: `a deleted Service still answers after 5 s: ${left}` };
    return {
      ok: true,
      observed: `a new Service worked after ${(tookMs / 1000).toFixed(1)} s, and was gone after its deletion`,
    };
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

/** The nodes that are not as wanted when time is up, for people. */
async function slowNodes(
  env: RunEnvironment,
  nodes: readonly NodeHandle[],
  address: string,
  wanted: 'answers' | 'silent',
): Promise<string | undefined> {
  const looks = nodes.map(async (node) => {
    const look = async (): Promise<ReturnType<typeof notYet> | ReturnType<typeof done<undefined>>> => {
      const answers = await serviceAnswers(node, address);
      return answers === (wanted === 'answers') ? done(undefined) : notYet(answers ? 'it answers' : 'no answer');
    };
    const options = { what: 'the canary', timeoutMs: FOLLOW_MS, clock: env.session.clock, intervalMs: 200 };
    return waitFor(look, options).then(
      () => [],
      () => [node.name],
    );
  });
  const slow = (await Promise.all(looks)).flat();
  return slow.length === 0 ? undefined : slow.join(', ');
}

/** From the node itself, whose calls take the same Service rules as those of its pods. */
async function serviceAnswers(node: NodeHandle, address: string): Promise<boolean> {
  const { exitCode, stdout } = await node.exec(
    ['curl', '--silent', '--max-time', '1', `http://${address}:${String(PORT)}/`],
    { okExitCodes: [0, 7, 28, 52, 56] },
  );
  return exitCode === 0 && stdout.includes('shop/web-');
}
