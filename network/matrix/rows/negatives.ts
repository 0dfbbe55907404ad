import { SERVICES } from '../../addon/names.ts';
import type { LabFacts } from '../../lab/facts.ts';
import { impossible, probersWith, reach, type PlannedCell } from '../planned-cell.ts';

/** M15: a Service without endpoints must be refused, from pods and nodes; silence would mean that nobody rejects. */
export function negativeRows(facts: LabFacts): readonly PlannedCell[] {
  const service = facts.services[SERVICES.void];
  return probersWith(facts, 'pod-a', 'node').flatMap((from) => {
    const names = {
      row: 'M15',
      path: `${from.role === 'node' ? 'node' : 'pod'} → Service without endpoints`,
      requirement: 'negatives',
      to: `service ${SERVICES.void}`,
    } as const;
    if (service === undefined) {
      const probe = impossible('unreachable', `the Service ${SERVICES.void} does not exist`);
      return [{ ...names, from: from.name, protocol: 'tcp', probe } as const];
    }
    const { clusterIPs: addresses, port } = service;
    return reach({ ...names, from, addresses, port, expect: { kind: 'refused' } });
  });
}
