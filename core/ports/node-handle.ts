import type { RunOptions, RunResult } from '../exec/runner.ts';

export type NodeRole = 'control-plane' | 'worker' | 'keeper';

/**
 * A machine of the lab (or its keeper container), reached by the engine's exec: never through the API server,
 * Services or the pod network, which challenges break.
 */
export interface NodeHandle {
  /** The container's name, which is also the Kubernetes node name, e.g. `lab-worker`. */
  readonly name: string;
  readonly role: NodeRole;
  /** Addresses on the lab's own bridge. */
  readonly addresses: { readonly ipv4: string; readonly ipv6?: string };
  /** Runs a program in the node's namespaces, as root. */
  exec(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
}
