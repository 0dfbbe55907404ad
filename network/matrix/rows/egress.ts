import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { probersWith, reach, seenAsNode, type PlannedCell } from '../planned-cell.ts';

/** M13: to an echo outside the cluster; the client is masqueraded by its node. */
export function egressRows(facts: LabFacts): readonly PlannedCell[] {
  const [outside] = probersWith(facts, 'ext');
  if (outside === undefined) return [];
  return probersWith(facts, 'pod-a', 'host', 'node').flatMap((from) =>
    reach({
      row: 'M13',
      path: `${clientOf(from)} → outside`,
      requirement: 'egress',
      from,
      to: outside.name,
      addresses: outside.addresses,
      port: outside.port,
      expect: { kind: 'answer', answerers: [outside.name], source: seenAsNode(facts, from.node) },
    }),
  );
}

function clientOf({ role }: ProberFacts): string {
  return role === 'host' ? 'hostNetwork pod' : role === 'node' ? 'node' : 'pod';
}
