import type { NodeRole } from '../../core/index.ts';
import type { AuditWebhook } from './audit-webhook.ts';
import type { KindConfigInput } from './kind-config.ts';

/** One node container as the engine shows it. */
export interface NodeFacts {
  readonly name: string;
  readonly role: NodeRole | 'load-balancer';
  readonly state: 'running' | 'paused' | 'stopped';
  readonly addresses: { readonly ipv4: string; readonly ipv6?: string };
  /** Container ports published on the host's loopback: `6443` → 40123. */
  readonly ports: Readonly<Record<string, number>>;
  /** The network that it is attached to. */
  readonly network: string;
}

export interface ClusterSpec extends Omit<KindConfigInput, 'controlPlaneConfigFolder'> {
  /** The lab's state folder; kubeconfig and audit policy are written below it. */
  readonly folder: string;
  readonly kubeconfigFile: string;
  /** Where API servers are to tell of requests by webhook. */
  readonly auditWebhook?: AuditWebhook;
  readonly network: string;
}

/** Clusters of machines. One implementation: kind. */
export interface ClusterProvider {
  /** E.g. `0.33.0`. */
  readonly version: string;

  /**
   * Creates the node containers and runs kubeadm in them, CNI and storage class included. Does not create the network, does not wait until nodes are
   * Ready, and does not clean up after a failure: `removeNodes` does. Progress goes to `detail`.
   */
  createCluster(spec: ClusterSpec, detail: (text: string) => void, signal?: AbortSignal): Promise<void>;

  /** The node containers that there are, also half-made ones and the load balancer; none is not an error. Does not look into Kubernetes. */
  nodes(lab: string): Promise<readonly NodeFacts[]>;

  /**
   * A cluster-admin's kubeconfig for the host, read from the control plane as soon as kubeadm has written it (which is before
   * `createCluster` is done). Undefined while there is none.
   */
  kubeconfig(lab: string): Promise<string | undefined>;

  /** Removes the node containers with their volumes, in any state. Does not touch the network, nor any kubeconfig of the user's. */
  removeNodes(lab: string): Promise<readonly string[]>;
}
