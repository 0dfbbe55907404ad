import { elapsedMs, messageOf, type KubeClient, type NodeHandle } from '../../../core/index.ts';
import { dumpNode, type SnapshotSession } from '../take-snapshot.ts';
import type { LabSnapshot, NodeSnapshot } from '../types.ts';
import { clusterUnknown } from './cluster-now.ts';
import { planRestore } from './plan.ts';
import { restoreConfiguration } from './restore-configuration.ts';

const EXEC_TIMEOUT_MS = 60_000;
/** A kubelet that found its static pods again has them up after 10 to 40 s. */
const API_TIMEOUT_MS = 120_000;
/** An API server that works answers in a few milliseconds; one behind a rule that drops packets never does. */
const ANSWER_MS = 3_000;
/** After that long the kubelet may be waiting out crashes that are over, which takes it up to five minutes. */
const PATIENCE_MS = 25_000;

/**
 * Makes the nodes run as in the picture, so that all else can be restored through the API server: a stopped kubelet, a broken manifest of a static
 * pod, or a rule that drops everything would be in the way. Waits for the API server where it does not answer; whether it came is for the caller's
 * next request to say.
 */
export async function reviveNodes(
  session: SnapshotSession,
  snapshot: LabSnapshot,
  detail: (text: string) => void,
): Promise<void> {
  await onEach(session, snapshot, restoreConfiguration);
  if ((await readiness(session)) === 'ready') return;
  await onEach(session, snapshot, restoreNetwork);
  await untilReady(session, detail);
}

async function untilReady(session: SnapshotSession, detail: (text: string) => void): Promise<void> {
  const { clock, nodes } = session;
  const controlPlanes = nodes.filter(({ role }) => role === 'control-plane');
  const startNs = clock.monotonicNs();
  let isBegunAnew = false;
  for (;;) {
    const seen = await readiness(session);
    const waitedMs = elapsedMs(startNs, clock.monotonicNs());
    if (seen === 'ready' || waitedMs > API_TIMEOUT_MS) return;
    detail(`waiting for the API server: ${seen}`);
    if (seen === FORBIDDEN) await Promise.all(controlPlanes.slice(0, 1).map(giveRightsBack));
    if (!isBegunAnew && waitedMs > PATIENCE_MS) {
      isBegunAnew = true;
      await Promise.all(controlPlanes.map(restartKubelet));
    }
    await clock.sleep(500);
  }
}

async function onEach(
  { nodes }: SnapshotSession,
  snapshot: LabSnapshot,
  restore: (node: NodeHandle, saved: NodeSnapshot) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const saved = snapshot.nodes.find((picture) => picture.node === node.name);
      if (saved) await restore(node, saved);
    }),
  );
}

/** What of a node's network can be put back without knowing the pods of now; the rest has to wait for the API server. */
async function restoreNetwork(node: NodeHandle, saved: NodeSnapshot): Promise<void> {
  const dump = await dumpNode(node);
  const { script } = planRestore({ saved, dump, cluster: clusterUnknown(dump.routes) });
  if (script === '') return;
  await node.exec(['bash', '-s'], { input: script, okExitCodes: [0, 1], timeoutMs: EXEC_TIMEOUT_MS });
}

const FORBIDDEN = 'it forbids what its administrator asks';

/** `ready`, or what was heard instead. */
async function readiness({ kube, clock }: SnapshotSession): Promise<string> {
  const timer = new AbortController();
  const late = (): string => 'no answer';
  try {
    const waiting = clock.sleep(ANSWER_MS, timer.signal).then(late, late);
    return await Promise.race([ask(kube).catch(messageOf), waiting]);
  } finally {
    timer.abort();
  }
}

/** Whether it is ready it tells everybody. */
async function ask(kube: KubeClient): Promise<string> {
  const { status, text } = await kube.raw('GET', '/readyz');
  if (status !== 200) return /^\[-\].*/m.exec(text)?.[0] ?? `status ${String(status)}`;
  return (await kube.raw('GET', '/api/v1/namespaces/kube-system')).status === 403 ? FORBIDDEN : 'ready';
}

/**
 * kubeadm gives the administrator of admin.conf rights by a binding, which can be deleted; super-admin.conf needs none. An API server that has just
 * started forbids everything for a second, and then the binding is there.
 */
async function giveRightsBack(node: NodeHandle): Promise<void> {
  const group = 'kubeadm:cluster-admins';
  const create = ['create', 'clusterrolebinding', group, '--clusterrole=cluster-admin', `--group=${group}`];
  const argv = ['kubectl', '--kubeconfig=/etc/kubernetes/super-admin.conf', ...create];
  await node.exec(argv, { okExitCodes: [0, 1], timeoutMs: EXEC_TIMEOUT_MS });
}

async function restartKubelet(node: NodeHandle): Promise<void> {
  await node.exec(['systemctl', 'restart', 'kubelet'], { okExitCodes: [0, 1], timeoutMs: EXEC_TIMEOUT_MS });
}
