import type { NodeHandle } from '../../core/index.ts';
import { NODE_ROLES, OUTSIDE, proberName, proberSocket, type ProberRole } from '../probers.ts';

/** A prober that this lab should have, whether it lives or not. */
export interface ProberRef {
  readonly name: string;
  readonly role: ProberRole;
  readonly node: NodeHandle;
  readonly socket: string;
}

/** All probers of a lab: those of every node, then the outside one. */
export function probersOf(lab: {
  readonly nodes: readonly NodeHandle[];
  readonly keeper: NodeHandle;
}): readonly ProberRef[] {
  return [
    ...lab.nodes.flatMap((node) => NODE_ROLES.map((role) => refOf(node, role))),
    { name: OUTSIDE, role: 'ext', node: lab.keeper, socket: proberSocket('ext') },
  ];
}

function refOf(node: NodeHandle, role: ProberRole): ProberRef {
  return { name: proberName(node.name, role), role, node, socket: proberSocket(role) };
}
