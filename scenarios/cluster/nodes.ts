import { usageError, type NodeHandle } from '../../core/index.ts';
import type { Session } from '../../labs/index.ts';

/** A node of the lab by name; usage error when it has none of it. */
export function nodeOf({ nodes }: Pick<Session, 'nodes'>, name: string): NodeHandle {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node) return node;
  const names = nodes.map((candidate) => candidate.name).join(', ');
  throw usageError({ what: `the lab has no node ${name}`, why: `it has ${names}`, hint: 'kubedrill status' });
}

/** The first control plane, which no challenge cuts off from its pods; usage error for a lab without one. */
export function controlPlaneOf({ nodes }: Pick<Session, 'nodes'>): NodeHandle {
  const node = nodes.find(({ role }) => role === 'control-plane');
  if (node) return node;
  throw usageError({
    what: 'the lab has no control plane',
    why: 'all its nodes are workers',
    hint: 'kubedrill status',
  });
}
