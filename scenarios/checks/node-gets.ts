import { done, notYet, waitFor, type NodeHandle } from '../../core/index.ts';
import type { RunEnvironment } from '../ports.ts';

/** Exit codes of curl for: refused, timed out, empty answer, reset. */
const NO_ANSWER = [7, 28, 52, 56];

/** Whether a URL answers on a node with a text that holds `wanted`. Calls of a node take the same Service rules as those of its pods. */
export async function nodeGets(node: NodeHandle, url: string, wanted: string): Promise<boolean> {
  const argv = ['curl', '--silent', '--max-time', '1', url];
  const { exitCode, stdout } = await node.exec(argv, { okExitCodes: [0, ...NO_ANSWER] });
  return exitCode === 0 && stdout.includes(wanted);
}

/** Names of the nodes on which the URL does not answer within 5 s, however often it is asked. */
export function nodesThatNeverGet(env: RunEnvironment, url: string, wanted: string): Promise<readonly string[]> {
  return slowNodes(env, env.session.nodes, async (node) => nodeGets(node, url, wanted));
}

/** Time for kube-proxy to follow. */
const FOLLOW_MS = 5_000;

/** Names of the nodes that are not as wanted within 5 s. */
export async function slowNodes(
  { session }: RunEnvironment,
  nodes: readonly NodeHandle[],
  isAsWanted: (node: NodeHandle) => Promise<boolean>,
): Promise<readonly string[]> {
  const options = { what: 'the node', timeoutMs: FOLLOW_MS, clock: session.clock, intervalMs: 200 };
  const names = nodes.map((node) =>
    waitFor(async () => ((await isAsWanted(node)) ? done(undefined) : notYet('not yet')), options).then(
      () => [],
      () => [node.name],
    ),
  );
  return (await Promise.all(names)).flat();
}
