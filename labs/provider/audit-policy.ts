/** On a control-plane node: the API server's audit log, which the detector tails. */
export const AUDIT_LOG_FILE = '/var/log/kubernetes/audit.log';
/** On a control-plane node: what kubedrill gives kubeadm and the API server to read. */
export const CONTROL_PLANE_CONFIG_FOLDER = '/etc/kubernetes/kubedrill';
export const AUDIT_POLICY_FILE = `${CONTROL_PLANE_CONFIG_FOLDER}/audit-policy.yaml`;

/** The part of a Policy of audit.k8s.io/v1 that is used here. */
export interface AuditPolicy {
  readonly apiVersion: 'audit.k8s.io/v1';
  readonly kind: 'Policy';
  readonly omitStages: readonly string[];
  /** Leaves managedFields out of bodies, which are often their larger part. */
  readonly omitManagedFields: boolean;
  readonly rules: readonly AuditPolicyRule[];
}

/** How much is written of a request: nothing, who asked for what and the answer's code, its body too, the answer's body too. */
export type AuditLevel = 'None' | 'Metadata' | 'Request' | 'RequestResponse';

/** A request is the rule's when it is in every list that is there. */
export interface AuditPolicyRule {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly AuditResources[];
  readonly nonResourceURLs?: readonly string[];
}

/** Resources of one API group, all of it without `resources`. A subresource is written `pods/exec`, and not meant by `pods`. */
export interface AuditResources {
  readonly group: string;
  readonly resources?: readonly string[];
}

const WATCHES = ['list', 'watch'];
/** All kubelets, and all ServiceAccounts of kube-system: controllers, kube-proxy, CoreDNS. */
const MACHINERY = { userGroups: ['system:nodes', 'system:serviceaccounts:kube-system'] };
const CONTROL_PLANE = {
  users: ['system:apiserver', 'system:kube-scheduler', 'system:kube-controller-manager', 'system:kube-proxy'],
};
const SESSIONS = ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy'];
const RECORDS: readonly AuditResources[] = [
  { group: 'coordination.k8s.io', resources: ['leases'] },
  { group: '', resources: ['events'] },
  { group: 'events.k8s.io', resources: ['events'] },
];

/**
 * What the API server writes to the audit log. The first rule that matches counts. Bodies are kept where rules of the detector look into
 * them, whoever sends them; of Secrets and tokens never; what the cluster does all by itself all the time is left out.
 * test/contract/audit-policy.test.ts derives from our rules and from Falco's what they ask for, and finds it here.
 */
export function auditPolicy(): AuditPolicy {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    omitManagedFields: true,
    rules: [...noise(), ...withoutBodies(), ...whatRulesLookInto(), ...theRest()],
  };
}

/** Health is asked for, leases are renewed and the status of nodes and pods is reported every few seconds. */
function noise(): readonly AuditPolicyRule[] {
  return [
    { level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*'] },
    { level: 'None', ...MACHINERY, verbs: WATCHES },
    { level: 'None', ...CONTROL_PLANE, verbs: WATCHES },
    { level: 'None', userGroups: ['system:nodes', 'system:serviceaccounts'], resources: RECORDS },
    { level: 'None', ...CONTROL_PLANE, resources: RECORDS },
    {
      level: 'None',
      userGroups: ['system:nodes'],
      resources: [{ group: '', resources: ['nodes/status', 'pods/status'] }],
    },
  ];
}

/**
 * Secrets and sessions (a WebSocket begins with a get) also where they are the machinery's: a node that is not itself any more would
 * get the one by one, and open the other.
 */
function withoutBodies(): readonly AuditPolicyRule[] {
  return [
    {
      level: 'Metadata',
      resources: [
        { group: '', resources: ['secrets', 'serviceaccounts/token', ...SESSIONS] },
        { group: 'authentication.k8s.io' },
        { group: 'authorization.k8s.io' },
      ],
    },
    { level: 'None', ...MACHINERY, verbs: ['get'] },
    { level: 'None', ...CONTROL_PLANE, verbs: ['get'] },
  ];
}

/** A pod of a Deployment is created by a controller, and only the answer tells the name that it got. */
function whatRulesLookInto(): readonly AuditPolicyRule[] {
  return [
    { level: 'RequestResponse', verbs: ['create'], resources: [{ group: '', resources: ['pods'] }] },
    {
      level: 'Request',
      verbs: ['create', 'update', 'patch'],
      resources: [
        { group: '', resources: ['configmaps', 'services', 'pods/ephemeralcontainers'] },
        { group: 'networking.k8s.io', resources: ['ingresses'] },
        {
          group: 'rbac.authorization.k8s.io',
          resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
        },
      ],
    },
  ];
}

/** Of people and their robots what they change in full, of the machinery and of reads that they happened. */
function theRest(): readonly AuditPolicyRule[] {
  return [
    { level: 'Metadata', verbs: ['get', ...WATCHES] },
    { level: 'Metadata', ...MACHINERY },
    { level: 'Metadata', ...CONTROL_PLANE },
    { level: 'Request' },
  ];
}
