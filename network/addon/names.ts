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
  /** One node's pod-a, on a port of every node; callers keep their address, and the other nodes must be silent. */
  local: 'nodeport-local',
  /** Nobody. */
  void: 'void',
} as const;

export const SERVICE_PORT = 80;
export const NODE_PORT = 30090;
export const LOCAL_NODE_PORT = 30091;

/** The node whose pod-a is the backend of the Service `local`: the last one. */
export function localBackendNode(nodes: readonly string[]): string {
  return nodes.at(-1) ?? '';
}

/** The Service whose only backend is the pod-a of that node. */
export function serviceOn(node: string): string {
  return `on-${node}`;
}
