import { lastHostOf } from '../../cluster/ipv4.ts';
import { nodeOf, podNetworkOf } from '../../cluster/nodes.ts';
import type { RunEnvironment } from '../../ports.ts';
import { peerOf, type RouteParameters } from './parameters.ts';

/** The way from one machine's pods to those of another, as the first machine sees it. */
export interface Link {
  /** Pod networks, e.g. `10.244.1.0/24`. */
  readonly near: string;
  readonly far: string;
  /** The other machine. */
  readonly hop: string;
  /** An address of the machines' network that nobody holds. */
  readonly deadHop: string;
  readonly protocol: RouteParameters['protocol'];
}

/** How `node` reaches its peer's pods, asked of the API and of the machine itself. */
export async function linkFrom(env: RunEnvironment, node: string, parameters: RouteParameters): Promise<Link> {
  const peer = peerOf(parameters, node);
  const [near, far, device] = await Promise.all([
    podNetworkOf(env, node),
    podNetworkOf(env, peer),
    nodeOf(env.session, node).exec(['ip', '-4', '-o', 'address', 'show', 'dev', 'eth0']),
  ]);
  const network = /inet (\S+)/.exec(device.stdout)?.[1] ?? '';
  const hop = nodeOf(env.session, peer).addresses.ipv4;
  return { near, far, hop, deadHop: lastHostOf(network), protocol: parameters.protocol };
}
