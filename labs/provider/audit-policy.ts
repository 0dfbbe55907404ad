/** On a control-plane node: the API server's audit log, which the detector tails. */
export const AUDIT_LOG_FILE = '/var/log/kubernetes/audit.log';
/** On a control-plane node: what kubedrill gives kubeadm and the API server to read. */
export const CONTROL_PLANE_CONFIG_FOLDER = '/etc/kubernetes/kubedrill';
export const AUDIT_POLICY_FILE = `${CONTROL_PLANE_CONFIG_FOLDER}/audit-policy.yaml`;

const READS = ['get', 'list', 'watch'];
/** Group of all kubelets, and of all ServiceAccounts of kube-system. */
const MACHINERY = ['system:nodes', 'system:serviceaccounts:kube-system'];
const CONTROL_PLANE = [
  'system:apiserver',
  'system:kube-scheduler',
  'system:kube-controller-manager',
  'system:kube-proxy',
];

/**
 * What the API server writes to the audit log. The first rule that matches counts. Bodies are kept where rules look into them, Secrets
 * and tokens never; what the cluster does all by itself all the time (leases, events, watches of its own parts) is left out.
 */
export function auditPolicy(): object {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*', '/version', '/openapi/*', '/metrics'] },
      {
        level: 'None',
        resources: [
          { group: 'coordination.k8s.io', resources: ['leases'] },
          { group: '', resources: ['events'] },
          { group: 'events.k8s.io', resources: ['events'] },
        ],
      },
      { level: 'None', userGroups: MACHINERY, verbs: READS },
      { level: 'None', users: CONTROL_PLANE, verbs: READS },
      // Kubelets report the status of nodes and pods every few seconds.
      {
        level: 'None',
        userGroups: ['system:nodes'],
        resources: [{ group: '', resources: ['nodes/status', 'pods/status'] }],
      },
      {
        level: 'Metadata',
        resources: [
          { group: '', resources: ['secrets', 'serviceaccounts/token'] },
          { group: 'authentication.k8s.io' },
          { group: 'authorization.k8s.io' },
        ],
      },
      {
        level: 'Request',
        resources: [{ group: '', resources: ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy'] }],
      },
      { level: 'Metadata', verbs: READS },
      { level: 'Metadata', users: CONTROL_PLANE },
      { level: 'Metadata', userGroups: ['system:serviceaccounts:kube-system'] },
      { level: 'RequestResponse' },
    ],
  };
}
