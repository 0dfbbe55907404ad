import { elapsedMs, messageOf, type NodeHandle } from '../../../core/index.ts';
import { dumpNode, type SnapshotSession } from '../take-snapshot.ts';
import type { LabSnapshot, NodeSnapshot } from '../types.ts';
import { planConfiguration } from './configuration-plan.ts';

/** A restart of the kubelet on a busy machine takes seconds. */
const EXEC_TIMEOUT_MS = 60_000;
/** A service that is being restarted can end once more before it stays. */
const MAX_RUNS = 3;
/** A kubelet that found its static pods again has them up after 10 to 40 s. */
const API_TIMEOUT_MS = 120_000;

/**
 * Puts a node's files, services and device nodes back to its picture; needs no API server. Answers what differed. What a
 * picture does not keep stays different, for the proof to say.
 */
export async function restoreConfiguration(
  node: NodeHandle,
  saved: NodeSnapshot,
  tables?: readonly string[],
): Promise<readonly string[]> {
  const look = async () => planConfiguration(saved, await dumpNode(node), tables);
  const first = await look();
  let plan = first;
  for (let run = 0; plan.script !== '' && run < MAX_RUNS; run++) {
    await node.exec(['bash', '-s'], { input: plan.script, okExitCodes: [0, 1], timeoutMs: EXEC_TIMEOUT_MS });
    plan = await look();
  }
  return first.differences;
}

/**
 * Makes the nodes run as in the picture, so that all else can be restored through the API server: a stopped kubelet or a
 * broken manifest of a static pod would be in the way. Where something was put back, waits for the API server; whether it
 * came is for the caller's next request to say.
 */
export async function reviveNodes(
  session: SnapshotSession,
  snapshot: LabSnapshot,
  detail: (text: string) => void,
): Promise<void> {
  const restored = await Promise.all(
    session.nodes.map(async (node) => {
      const saved = snapshot.nodes.find((picture) => picture.node === node.name);
      return saved ? restoreConfiguration(node, saved) : [];
    }),
  );
  if (restored.flat().length === 0) return;
  const startNs = session.clock.monotonicNs();
  while (elapsedMs(startNs, session.clock.monotonicNs()) < API_TIMEOUT_MS) {
    const { status, text } = await session.kube
      .raw('GET', '/readyz')
      .catch((error: unknown) => ({ status: 0, text: messageOf(error) }));
    if (status === 200) return;
    detail(`waiting for the API server: ${text.slice(0, 200)}`);
    await session.clock.sleep(500);
  }
}
