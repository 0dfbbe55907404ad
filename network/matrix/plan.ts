import type { LabFacts } from '../lab/facts.ts';
import type { PlannedCell } from './planned-cell.ts';
import { apiServerRows } from './rows/api-server.ts';
import { egressRows } from './rows/egress.ts';
import { frontDoorRows } from './rows/front-door.ts';
import { identityRows } from './rows/identities.ts';
import { nameRows } from './rows/names.ts';
import { negativeRows } from './rows/negatives.ts';
import { nodePortRows } from './rows/node-ports.ts';
import { nodeRows } from './rows/nodes.ts';
import { podRows } from './rows/pods.ts';
import { policyRows } from './rows/policy.ts';
import { serviceRows } from './rows/services.ts';

/** All cells that a lab has, in the order of the catalogue's rows; those it cannot have are there and say why. Pure. */
export function planMatrix(facts: LabFacts): readonly PlannedCell[] {
  return [
    podRows,
    nodeRows,
    serviceRows,
    apiServerRows,
    nodePortRows,
    nameRows,
    egressRows,
    frontDoorRows,
    negativeRows,
    policyRows,
    identityRows,
  ].flatMap((rows) => rows(facts));
}
