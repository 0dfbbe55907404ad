import type { AddonContext, KubeObject } from '../../core/index.ts';
import { PROBER_PORTS } from '../probers.ts';
import {
  LOCAL_NODE_PORT,
  NODE_LABEL,
  NODE_PORT,
  PROBER_LABEL,
  PROBES_NAMESPACE,
  SERVICES,
  SERVICE_PORT,
  localBackendNode,
  serviceOn,
} from './names.ts';

/** Services over the pod-a's: each node's own, all of them in three forms, one for its own node's callers alone, and one that leads nowhere. */
export function probeServices({ nodeNames }: AddonContext): readonly KubeObject[] {
  const podA = { [PROBER_LABEL]: 'pod-a' };
  return [
    service(SERVICES.all, podA),
    service(SERVICES.headless, podA, { clusterIP: 'None' }),
    service(SERVICES.nodePort, podA, { type: 'NodePort', externalTrafficPolicy: 'Cluster' }, { nodePort: NODE_PORT }),
    service(
      SERVICES.local,
      { ...podA, [NODE_LABEL]: localBackendNode(nodeNames) },
      { type: 'NodePort', externalTrafficPolicy: 'Local' },
      { nodePort: LOCAL_NODE_PORT },
    ),
    service(SERVICES.void, { [PROBER_LABEL]: 'nobody' }),
    ...nodeNames.map((node) => service(serviceOn(node), { ...podA, [NODE_LABEL]: node })),
  ];
}

function service(
  name: string,
  selector: Readonly<Record<string, string>>,
  spec: Readonly<Record<string, unknown>> = {},
  port: Readonly<Record<string, unknown>> = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: PROBES_NAMESPACE },
    spec: {
      selector,
      ipFamilyPolicy: 'PreferDualStack',
      ...spec,
      ports: ['TCP', 'UDP'].map((protocol) => ({
        name: protocol.toLowerCase(),
        protocol,
        port: SERVICE_PORT,
        targetPort: PROBER_PORTS['pod-a'],
        ...port,
      })),
    },
  };
}
