import { usageError, type NodeHandle } from '../../core/index.ts';
import type { Session } from '../../labs/index.ts';

/** A node of the lab by name; usage error when it has none of it. */
export function nodeOf({ nodes }: Pick<Session, 'nodes'>, name: string): NodeHandle {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node) return node;
  const names = nodes.map((candidate) => candidate.name).join(', ');
  throw usageError({ what: `the lab has no node ${name}`, why: `it has ${names}`, hint: 'kubedrill status' });
}
