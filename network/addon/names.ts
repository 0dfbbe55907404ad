// Names of the probers' objects in the cluster; shared by the manifests and those who look them up.

export const PROBES_NAMESPACE = 'kubedrill-probes';

/** Says which prober a pod is, and which node it is for. */
export const PROBER_LABEL = 'kubedrill.dev/prober';
export const NODE_LABEL = 'kubedrill.dev/node';

export const SERVICES = {
  /** All pod-a's, as ClusterIP. */
  all: 'all',
  /** All pod-a's, by name only. */
  headless: 'headless',
  /** All pod-a's, on a port of every node. */
  nodePort: 'nodeport',
  /** Nobody. */
  void: 'void',
} as const;

export const SERVICE_PORT = 80;
export const NODE_PORT = 30090;

/** The Service whose only backend is the pod-a of that node. */
export function serviceOn(node: string): string {
  return `on-${node}`;
}
