import { SOCKET_FOLDER, type AddonContext, type KubeObject } from '../../core/index.ts';
import { PROBER_PORTS, type ProberRole } from '../probers.ts';
import { proberCommand } from '../programs.ts';
import { NODE_LABEL, PROBER_LABEL, PROBES_NAMESPACE } from './names.ts';

/** Kubernetes' own: kubelet does not evict it, and others are preempted for it. A measuring instrument outlives the fault. */
const PRIORITY = 'system-node-critical';

/**
 * The probers as DaemonSets, which survive a drain and come back after a delete: one for each node's pod-a, so that a
 * Service can select a single one, one for all pod-b's, and one with the two probers in the nodes' own network.
 */
export function probeWorkloads(context: AddonContext): readonly KubeObject[] {
  const image = context.toolboxImage;
  return [
    ...context.nodeNames.map((node) =>
      daemonSet(
        `pod-a-${node}`,
        { [PROBER_LABEL]: 'pod-a', [NODE_LABEL]: node },
        {
          affinity: onlyOn(node),
          containers: [container('pod-a', image)],
        },
      ),
    ),
    daemonSet('pod-b', { [PROBER_LABEL]: 'pod-b' }, { containers: [container('pod-b', image)] }),
    daemonSet(
      'host',
      { [PROBER_LABEL]: 'host' },
      {
        hostNetwork: true,
        // For the node prober, which looks names up in the mount namespace of the node's first process.
        hostPID: true,
        containers: [container('host', image), container('node', image)],
      },
    ),
  ];
}

function daemonSet(
  name: string,
  labels: Readonly<Record<string, string>>,
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: PROBES_NAMESPACE, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: PRIORITY,
          // A tainted or cordoned node is measured like any other.
          tolerations: [{ operator: 'Exists' }],
          terminationGracePeriodSeconds: 1,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          ...spec,
          volumes: [{ name: 'run', hostPath: { path: SOCKET_FOLDER, type: 'DirectoryOrCreate' } }],
        },
      },
    },
  };
}

/** By the node's name, which nobody can change, not by its labels. */
function onlyOn(node: string): object {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
      },
    },
  };
}

/** No readiness probe: endpoints must not come and go with the paths that are measured over them. */
function container(role: Exclude<ProberRole, 'ext'>, image: string): object {
  const port = PROBER_PORTS[role];
  return {
    name: role,
    image,
    imagePullPolicy: 'Never',
    command: proberCommand(role),
    env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
    ports: ['TCP', 'UDP'].map((protocol) => ({ containerPort: port, protocol })),
    volumeMounts: [{ name: 'run', mountPath: SOCKET_FOLDER }],
    resources: { requests: { cpu: '5m', memory: '32Mi' }, limits: { memory: '192Mi' } },
    securityContext: role === 'node' ? { privileged: true } : unprivileged(),
  };
}

/** Root only by number: it owns the folder of the sockets, and has no capability. */
function unprivileged(): object {
  return {
    runAsUser: 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  };
}
