import type { CheckResult } from '../check.ts';
import type { KubeObject } from '../kube/port.ts';
import type { KubeClient } from '../kube/port.ts';
import type { Channel } from './channel.ts';
import type { NodeHandle } from './node-handle.ts';

/** What an add-on may know of the lab when it writes its manifests. */
export interface AddonContext {
  readonly labName: string;
  /** Kubernetes node names, control planes first; known before the cluster is. */
  readonly nodeNames: readonly string[];
  readonly topology: { readonly controlPlanes: number; readonly workers: number };
  /** Image reference of the toolbox, preloaded on every node. */
  readonly toolboxImage: string;
  /** Image reference of Traefik, preloaded on every node; absent where the lab has no ingress. */
  readonly traefikImage?: string;
  /** Host name and port at which nodes reach the API server without Services, e.g. `lab-control-plane:6443`. */
  readonly apiServer: { readonly host: string; readonly port: number };
}

/** What an add-on may use to find out whether it is up. */
export interface AddonProbe extends AddonContext {
  readonly kube: KubeClient;
  readonly channel: Channel;
  readonly nodes: readonly NodeHandle[];
  readonly keeper: NodeHandle;
}

/**
 * A program of ours that is bundled with esbuild into the toolbox image as /opt/kubedrill/<name>.js
 * (CommonJS, for Node.js 20).
 */
export interface ToolboxProgram {
  readonly name: string;
  /** Entry file, relative to the package root, e.g. `network/agent/main.ts`. */
  readonly entry: string;
}

/** A part of the lab that lives in the cluster. */
export interface Addon {
  readonly name: string;
  readonly programs: readonly ToolboxProgram[];
  manifests(context: AddonContext): readonly KubeObject[];
  /** One result per thing that has to be up; called again until all are ok. */
  ready(probe: AddonProbe): Promise<readonly CheckResult[]>;
}
