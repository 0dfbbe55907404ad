import type { LabFacts } from '../lab/facts.ts';
import type { PlannedCell } from './planned-cell.ts';
import { edgeRows } from './rows/edges.ts';
import { identityRows } from './rows/identities.ts';
import { nameRows } from './rows/names.ts';
import { negativeRows } from './rows/negatives.ts';
import { nodeRows } from './rows/nodes.ts';
import { podRows } from './rows/pods.ts';
import { serviceRows } from './rows/services.ts';

/** All cells that a lab has, in the order of the catalogue's rows; those it cannot have are there and say why. Pure. */
export function planMatrix(facts: LabFacts): readonly PlannedCell[] {
  return [podRows, nodeRows, serviceRows, nameRows, edgeRows, negativeRows, identityRows].flatMap((rows) =>
    rows(facts),
  );
}
