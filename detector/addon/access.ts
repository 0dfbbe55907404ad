import type { KubeObject } from '../../core/index.ts';
import { NAMESPACE } from './paths.ts';

const RBAC = 'rbac.authorization.k8s.io';
const NAME = 'kubedrill-detector';

/** Who the detector is to the API server: it may look at pods, and nothing else. */
export function accessObjects(): readonly KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      // The sensor shares the node's PID namespace, which the stricter levels forbid.
      metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'detector', namespace: NAMESPACE },
      automountServiceAccountToken: false,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: NAME },
      subjects: [{ kind: 'ServiceAccount', name: 'detector', namespace: NAMESPACE }],
    },
  ];
}
