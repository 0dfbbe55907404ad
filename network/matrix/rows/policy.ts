import { GUARDED_PORT } from '../../probers.ts';
import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { probersWith, reach, seenAs, type PlannedCell } from '../planned-cell.ts';

/** How the cells that must be silent begin; also which ones decide whether policies are enforced at all. */
export const CLOSED_PORT = 'pod → port that a policy closes to it';

/** M15-policy: the second port of each pod-b, which a policy opens to other pod-b's alone; tried by its neighbours on the next node. */
export function policyRows(facts: LabFacts): readonly PlannedCell[] {
  const guarded = probersWith(facts, 'pod-b');
  return guarded.flatMap((to, index) => {
    const next = facts.nodes[(index + 1) % facts.nodes.length]?.name;
    const clients = probersWith(facts, 'pod-a', 'pod-b').filter((from) => from.node === next && from !== to);
    return clients.flatMap((from) => guardedCells(from, to));
  });
}

function guardedCells(from: ProberFacts, to: ProberFacts): readonly PlannedCell[] {
  const names = { row: 'M15-policy', requirement: 'policy', from, to: to.name } as const;
  const at = { addresses: to.addresses, port: GUARDED_PORT };
  if (from.role === 'pod-a') {
    return reach({ ...names, ...at, path: CLOSED_PORT, expect: { kind: 'silence' } });
  }
  return reach({
    ...{ ...names, ...at, path: 'pod → port that a policy opens to it' },
    expect: { kind: 'answer', answerers: [to.name], source: seenAs(from) },
  });
}
