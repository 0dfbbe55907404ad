import type { NodeHandle } from '../../core/index.ts';

/** States of a node's processes with this name, as ps shows them, e.g. `Ssl`, or `T` for one that was stopped; empty when there is none. */
export async function processStates(node: NodeHandle, name: string): Promise<readonly string[]> {
  const { stdout } = await node.exec(['ps', '-C', name, '-o', 'stat='], { okExitCodes: [0, 1] });
  return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}
