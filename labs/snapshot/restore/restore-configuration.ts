import type { NodeHandle } from '../../../core/index.ts';
import { dumpNode } from '../take-snapshot.ts';
import type { NodeSnapshot } from '../types.ts';
import { planConfiguration } from './configuration-plan.ts';

/** A restart of the kubelet on a busy machine takes seconds. */
const EXEC_TIMEOUT_MS = 60_000;
/** A service that is being restarted can end once more before it stays. */
const MAX_RUNS = 3;

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
