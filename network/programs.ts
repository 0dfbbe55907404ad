import type { ToolboxProgram } from '../core/index.ts';

/** The probe agent in the toolbox image. */
export const AGENT_PROGRAM: ToolboxProgram = { name: 'agent', entry: 'network/agent/main.ts' };

/** A heap that a prober never needs, so that a leak ends in a restart that is seen and not in a node without memory. */
const AGENT = ['node', '--max-old-space-size=64', '/opt/kubedrill/agent.js'] as const;

/**
 * Command of a container that answers who it is over HTTP and TCP on port 8080 (namespace/pod, node, own addresses, the
 * client's address, nonce, host, path). It wants POD_NAME, POD_NAMESPACE and NODE_NAME in its environment.
 */
export const ECHO_COMMAND: readonly string[] = [...AGENT, 'echo'];

/** Command of the outside prober, which runs in the keeper container. */
export const OUTSIDE_PROBER_COMMAND: readonly string[] = [...AGENT, 'ext'];

/** Command of a prober in a pod; it wants NODE_NAME in its environment. */
export function proberCommand(role: 'pod-a' | 'pod-b' | 'host' | 'node'): readonly string[] {
  return [...AGENT, 'probe', '--role', role];
}
