import type { NodeHandle } from '../../../core/index.ts';
import type { MeterPath } from '../../../network/index.ts';
import { ANSWERERS, CLUSTER_IP, PORT } from './parts.ts';

/** One path from a pod of each machine to the Service. */
export function cartPaths(nodes: readonly NodeHandle[]): readonly MeterPath[] {
  return nodes.map(({ name }) => ({
    name: `o.cart@${name}`,
    from: `${name}/pod-b`,
    target: { kind: 'http', host: CLUSTER_IP, port: PORT, answerers: [`${ANSWERERS}*`] },
  }));
}

export function pathNames(nodes: readonly NodeHandle[]): readonly string[] {
  return cartPaths(nodes).map(({ name }) => name);
}
