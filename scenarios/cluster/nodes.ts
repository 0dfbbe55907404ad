import { usageError, type NodeHandle } from '../../core/index.ts';
import type { Session } from '../../labs/index.ts';

/** A node of the lab by name; usage error when it has none of it. */
export function nodeOf({ nodes }: Pick<Session, 'nodes'>, name: string): NodeHandle {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node) return node;
  const names = nodes.map((candidate) => candidate.name).join(', ');
  throw usageError({ what: `the lab has no node ${name}`, why: `it has ${names}`, hint: 'kubedrill status' });
}

/** The lab's control plane, or the first of them. */
export function controlPlaneOf({ nodes }: Pick<Session, 'nodes'>): NodeHandle {
  const node = nodes.find(({ role }) => role === 'control-plane');
  if (node) return node;
  throw new RangeError('the lab has no control plane');
}

/** An address on the lab's own network that nobody has: what is sent there goes nowhere, and nothing leaves the machine. */
export function nobodysAddress(session: Pick<Session, 'nodes'>): string {
  return controlPlaneOf(session).addresses.ipv4.replace(/\.\d+$/, '.250');
}
