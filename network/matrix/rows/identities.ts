import type { LabFacts } from '../../lab/facts.ts';
import { impossible, probersWith, type PlannedCell } from '../planned-cell.ts';

/** M16: what a pod reads on its own interface is what the API says, what others see, and nobody else's. */
export function identityRows(facts: LabFacts): readonly PlannedCell[] {
  return probersWith(facts, 'pod-a', 'pod-b').map(({ name, addresses: [address] }) => ({
    row: 'M16',
    path: "pod's own address = status.podIP = what others see",
    from: name,
    to: name,
    protocol: 'tcp',
    requirement: 'R3',
    probe:
      address === undefined
        ? impossible('prober-down', `the API server knows no address of ${name}`)
        : { kind: 'identity', address },
  }));
}
