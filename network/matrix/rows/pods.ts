import type { LabFacts } from '../../lab/facts.ts';
import { OUTSIDE } from '../../probers.ts';
import { probersWith, reach, seenAs, skipped, type PlannedCell } from '../planned-cell.ts';

/** M1 and M2: pod to pod on the same and on another node; the server sees the client's own address. */
export function podRows(facts: LabFacts): readonly PlannedCell[] {
  const pods = probersWith(facts, 'pod-a', 'pod-b');
  const cells = pods.flatMap((from) =>
    pods
      .filter((to) => to !== from)
      .flatMap((to) =>
        reach({
          ...(to.node === from.node
            ? { row: 'M1', path: 'pod → pod, same node' }
            : { row: 'M2', path: 'pod → pod, other node' }),
          requirement: 'R1',
          from,
          to: to.name,
          addresses: to.addresses,
          port: to.port,
          expect: { kind: 'answer', answerers: [to.name], source: seenAs(from) },
        }),
      ),
  );
  const outside = skipped(
    { row: 'ext-pod', path: 'outside → pod', protocol: 'tcp', requirement: 'R1', from: OUTSIDE },
    'pods have their addresses inside the cluster only',
  );
  return facts.nodes.length > 1
    ? [...cells, outside]
    : [
        ...cells,
        outside,
        skipped({ row: 'M2', path: 'pod → pod, other node', protocol: 'tcp', requirement: 'R1' }, ONE_NODE),
      ];
}

export const ONE_NODE = 'the lab has one node';
