import { KubedrillError, usageError, type NodeHandle } from '../../core/index.ts';
import type { Session } from '../../labs/index.ts';
import type { RunEnvironment } from '../ports.ts';
import { refTo } from './objects.ts';

/** A node of the lab by name; usage error when it has none of it. */
export function nodeOf({ nodes }: Pick<Session, 'nodes'>, name: string): NodeHandle {
  const node = nodes.find((candidate) => candidate.name === name);
  if (node) return node;
  const names = nodes.map((candidate) => candidate.name).join(', ');
  throw usageError({ what: `the lab has no node ${name}`, why: `it has ${names}`, hint: 'kubedrill status' });
}

/** The network from which a node gives addresses to its pods, e.g. `10.244.1.0/24`. */
export async function podNetworkOf({ session }: RunEnvironment, node: string): Promise<string> {
  const object = await session.kube.get(refTo('v1', 'Node', node));
  const { podCIDR } = (object?.['spec'] ?? {}) as { readonly podCIDR?: string };
  if (podCIDR !== undefined) return podCIDR;
  throw new KubedrillError({
    what: `the pod network of ${node} is not known`,
    why: 'its Node object has no podCIDR',
    hint: 'kubedrill down && kubedrill up',
  });
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
