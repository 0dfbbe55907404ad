import type { AddonContext, Channel, Clock, KubeClient, NodeHandle, Paths, Reporter, Runner } from '../core/index.ts';

export type TopologyName = 'single' | 'std' | 'ha';
export type AddonSet = 'core' | 'std' | 'full';
/** How the API server tells the detector of requests: by its log, by its webhook, or by both. */
export type AuditWay = 'log' | 'webhook' | 'both';

/** What is known of a lab for as long as it lives; `lab.json` in its state folder. */
export interface LabRecord {
  readonly apiVersion: string;
  readonly name: string;
  /**
   * Name of the cluster: its machines, their network and its labels carry it. The lab's own name, except for a lab that was taken from the pool
   * (docs/decisions/0005).
   */
  readonly cluster: string;
  readonly createdAt: string;
  readonly topology: TopologyName;
  readonly addons: AddonSet;
  readonly cni: 'default' | 'cilium';
  readonly audit: AuditWay;
  readonly kubernetesVersion: string;
  readonly kindVersion: string;
  readonly images: { readonly node: string; readonly toolbox: string; readonly traefik?: string };
  /** The lab's own network in the container engine, and its bridge device on the engine's host. */
  readonly network: { readonly name: string; readonly bridge: string };
  /**
   * IPv4 addresses of the machines, by container name. Certificates name them, and the engine gives out the lowest free one, so a lab that was
   * stopped has to be started in their order.
   */
  readonly addresses: Readonly<Record<string, string>>;
  /** Random loopback ports of the host that lead to the front door; absent without ingress. */
  readonly frontDoor?: { readonly httpPort: number; readonly httpsPort: number };
  readonly egressGuard: boolean;
}

/** What every operation of labs needs from outside. */
export interface LabDeps {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** An open lab: everything that graders, meters and challenges may use of it. */
export interface Session extends LabDeps {
  readonly lab: LabRecord;
  /** The lab's state folder, `$XDG_STATE_HOME/kubedrill/<lab>`: lab.json, kubeconfig, runs/. */
  readonly folder: string;
  /** Path of the lab's own kubeconfig (cluster-admin), never ~/.kube/config. */
  readonly kubeconfigFile: string;
  readonly nodes: readonly NodeHandle[];
  /** The container that stands outside the cluster on the lab's network (outside client, outside echo, held sessions). */
  readonly keeper: NodeHandle;
  readonly kube: KubeClient;
  readonly channel: Channel;
  readonly addonContext: AddonContext;
}
