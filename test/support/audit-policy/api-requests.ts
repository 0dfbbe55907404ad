/** A request to the API server as an audit policy and the rules of the detector see it. */
export interface ApiRequest {
  readonly user?: ApiUser;
  readonly verb: string;
  readonly stage: 'ResponseStarted' | 'ResponseComplete';
  /** Of requests for objects. */
  readonly resource?: ApiResource;
  /** Of all others. */
  readonly path?: string;
}

export interface UserRequest extends ApiRequest {
  readonly user: ApiUser;
}

export interface ApiUser {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface ApiResource {
  readonly group: string;
  readonly name: string;
  readonly subresource?: string;
}

/** One of each kind that asks the API server of a lab. */
export const API_USERS: readonly ApiUser[] = [
  { name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] },
  { name: 'olga', groups: ['system:authenticated'] },
  { name: 'system:anonymous', groups: ['system:unauthenticated'] },
  { name: 'system:bootstrap:abcdef', groups: ['system:bootstrappers', 'system:authenticated'] },
  { name: 'system:node:lab-worker', groups: ['system:nodes', 'system:authenticated'] },
  { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
  { name: 'system:kube-scheduler', groups: ['system:authenticated'] },
  { name: 'system:kube-controller-manager', groups: ['system:authenticated'] },
  serviceAccount('kube-system', 'replicaset-controller'),
  serviceAccount('kubedrill-system', 'kubedrill-responder'),
  serviceAccount('shop', 'web'),
];

function serviceAccount(namespace: string, name: string): ApiUser {
  const all = 'system:serviceaccounts';
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: [all, `${all}:${namespace}`, 'system:authenticated'],
  };
}

/** By API group: resources, and which subresources they have. What is passed on to others (services/proxy) has no body of the API's. */
const RESOURCES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '': {
    pods: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'status'],
    services: ['status'],
    serviceaccounts: ['token'],
    namespaces: ['finalize', 'status'],
    nodes: ['status'],
    persistentvolumes: ['status'],
    replicationcontrollers: ['scale', 'status'],
    ...{ configmaps: [], endpoints: [], events: [], persistentvolumeclaims: [], secrets: [] },
  },
  apps: {
    deployments: ['scale', 'status'],
    replicasets: ['scale', 'status'],
    statefulsets: ['scale', 'status'],
    daemonsets: ['status'],
  },
  batch: { jobs: ['status'], cronjobs: ['status'] },
  'admissionregistration.k8s.io': {
    ...{ mutatingwebhookconfigurations: [], validatingwebhookconfigurations: [] },
    ...{ mutatingadmissionpolicies: [], mutatingadmissionpolicybindings: [] },
    ...{ validatingadmissionpolicies: ['status'], validatingadmissionpolicybindings: [] },
  },
  'apiextensions.k8s.io': { customresourcedefinitions: ['status'] },
  'apiregistration.k8s.io': { apiservices: ['status'] },
  'authentication.k8s.io': { tokenreviews: [] },
  'authorization.k8s.io': { subjectaccessreviews: [] },
  'certificates.k8s.io': { certificatesigningrequests: ['approval', 'status'] },
  'coordination.k8s.io': { leases: [] },
  'discovery.k8s.io': { endpointslices: [] },
  'events.k8s.io': { events: [] },
  'networking.k8s.io': { ingresses: ['status'], networkpolicies: [] },
  'rbac.authorization.k8s.io': { roles: [], clusterroles: [], rolebindings: [], clusterrolebindings: [] },
};

export const API_RESOURCES: readonly ApiResource[] = Object.entries(RESOURCES).flatMap(([group, resources]) =>
  Object.entries(resources).flatMap(([name, subresources]) => [
    { group, name },
    ...subresources.map((subresource) => ({ group, name, subresource })),
  ]),
);

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const VERBS_OF_SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  status: ['get', 'update', 'patch'],
  ...{ attach: ['get', 'create'], exec: ['get', 'create'], portforward: ['get', 'create'] },
};
/** What is asked beside objects; not the server's health, about which no rule wants to know. */
const PATHS = ['/api', '/version', '/openapi/v3', '/metrics'];
const STAGES = ['ResponseStarted', 'ResponseComplete'] as const;

const OBJECT_REQUESTS = API_RESOURCES.flatMap((resource) =>
  (VERBS_OF_SUBRESOURCES[resource.subresource ?? ''] ?? VERBS).flatMap((verb) =>
    STAGES.map((stage) => ({ verb, stage, resource })),
  ),
);
const OTHER_REQUESTS = PATHS.map((path) => ({ verb: 'get', stage: 'ResponseComplete' as const, path }));

/** Everything that can be asked for, by nobody in particular. */
export const API_REQUESTS: readonly ApiRequest[] = [...OBJECT_REQUESTS, ...OTHER_REQUESTS];

/** The same request of everybody. */
export function byEverybody(request: ApiRequest): readonly UserRequest[] {
  return API_USERS.map((user) => ({ ...request, user }));
}
