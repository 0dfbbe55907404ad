import type { NodeHandle } from '../../../core/index.ts';
import type { MeterPath } from '../../../network/index.ts';
import { ANSWERER, CLUSTER_IP, PORT } from './ledger.ts';

/** One path from a pod of each machine to the ledger, by its Service. */
export function ledgerPaths(nodes: readonly NodeHandle[]): readonly MeterPath[] {
  return nodes.map(({ name }) => ({
    name: pathFrom(name),
    from: `${name}/pod-b`,
    target: { kind: 'http', host: CLUSTER_IP, port: PORT, answerers: [ANSWERER] },
  }));
}

export function pathFrom(node: string): string {
  return `o.ledger@${node}`;
}
