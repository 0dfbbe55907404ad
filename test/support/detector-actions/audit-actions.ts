import { alike, STAGE, STAGE_FOLDER, WAITING_POD, type ClusterAction, type Expected } from './cluster-action.ts';

/** Who the stage has kubeconfigs for, beside the administrator (see stage.ts). */
const STRANGER = 'stranger';
const ADMIN_OF_ALL = 'admin-of-everything';
const REPLICA_SETS = 'system:serviceaccount:kube-system:replicaset-controller';
const ANYTHING = 'All K8s Audit Events';
/** What a pod needs to find no node: it is created and judged, and never runs. */
const NOWHERE = { nodeSelector: { 'kubedrill/nobody': 'here' }, terminationGracePeriodSeconds: 0 };

/** For the rules about what is asked of the API server, all but those that only record it. */
export const AUDIT_ACTIONS: readonly ClusterAction[] = [
  {
    // Something that the sensor has a word on as well: the two are linked.
    ...{ rule: 'Attach/Exec Pod', where: 'api', does: 'asks nsenter for its version in a pod' },
    run: `kubectl exec -n ${STAGE} ${WAITING_POD} -- nsenter --version`,
    fires: [{ rule: 'Attach/Exec Pod', pod: WAITING_POD }],
  },
  {
    ...{ rule: 'port-forward', where: 'api', does: 'opens a tunnel to a pod for a second' },
    run: `timeout 1 kubectl port-forward -n ${STAGE} pod/${WAITING_POD} :80 || test $? = 124`,
    fires: [{ rule: 'port-forward', pod: WAITING_POD }],
  },
  {
    ...{ rule: 'EphemeralContainers Created', where: 'api', does: 'adds a container to a pod' },
    run: `kubectl debug -n ${STAGE} ${WAITING_POD} --image="$IMAGE" --image-pull-policy=Never --container=added -- true`,
    fires: [{ rule: 'EphemeralContainers Created', pod: WAITING_POD }],
  },
  {
    ...{ rule: 'Disallowed K8s User', where: 'api', does: 'asks for pods as somebody unknown, who is refused' },
    run: `! kubectl --kubeconfig=${STAGE_FOLDER}/${STRANGER}.conf get --raw /api/v1/namespaces/${STAGE}/pods`,
    fires: [{ rule: 'Disallowed K8s User', user: STRANGER }],
  },
  {
    ...{ rule: 'Full K8s Administrative Access', where: 'api', does: 'asks for pods as one of the administrators' },
    run: `! kubectl --kubeconfig=${STAGE_FOLDER}/${ADMIN_OF_ALL}.conf get --raw /api/v1/namespaces/${STAGE}/pods`,
    fires: [{ rule: 'Full K8s Administrative Access', user: ADMIN_OF_ALL }],
  },
  {
    ...{ rule: 'Anonymous Request Allowed', where: 'api', does: 'asks for the version without saying who it is' },
    run: 'curl --silent --fail --insecure https://127.0.0.1:6443/version',
    fires: [{ rule: 'Anonymous Request Allowed', user: 'system:anonymous', namespace: 'none' }],
  },
  pod('Create Disallowed Pod', 'of an image that nobody knows', { image: 'docker.io/somebody/something:1' }),
  podOfDeployment('Create HostNetwork Pod', 'on the network of a node', { spec: { hostNetwork: true } }),
  pod('Create HostPid Pod', "that would see a node's processes", { spec: { hostPID: true } }),
  pod('Create HostIPC Pod', "that would share a node's queues", { spec: { hostIPC: true } }),
  podOfDeployment('Create Privileged Pod', 'with a privileged container', {
    container: { securityContext: { privileged: true } },
  }),
  podOfDeployment('Create Sensitive Mount Pod', 'that would mount /etc/kubernetes', {
    spec: { volumes: [{ name: 'keys', hostPath: { path: '/etc/kubernetes' } }] },
  }),
  {
    ...pod('Pod Created in Kube Namespace', 'among the parts of the cluster', { namespace: 'kube-system' }),
    undo: 'kubectl delete pod -n kube-system created-in-kube-namespace --wait=false',
  },
  {
    ...{ rule: 'Create NodePort Service', where: 'api', does: 'creates a Service with a port on every node' },
    run: `kubectl create service nodeport -n ${STAGE} door --tcp=80`,
    fires: alike(['Create NodePort Service', 'K8s Service Created']),
  },
  {
    ...{ rule: 'Create/Modify Configmap With Private Credentials', where: 'api' },
    does: 'writes a password into a ConfigMap',
    run: `kubectl create configmap -n ${STAGE} open-secret --from-literal=password=none`,
    fires: alike(['Create/Modify Configmap With Private Credentials', 'K8s ConfigMap Created']),
  },
  {
    ...{ rule: 'Create Disallowed Namespace', where: 'api', does: 'creates a namespace of which nobody knows' },
    run: `kubectl create namespace ${STAGE}-two`,
    undo: `kubectl delete namespace ${STAGE}-two --ignore-not-found --wait=false`,
    // What is asked when a namespace is made is in none yet.
    fires: alike(['Create Disallowed Namespace', 'K8s Namespace Created'], { namespace: 'none' }),
  },
  {
    ...{ rule: 'Service Account Created in Kube Namespace', where: 'api' },
    does: 'creates a service account in kube-system',
    run: `kubectl create serviceaccount -n kube-system ${STAGE}`,
    undo: `kubectl delete serviceaccount -n kube-system ${STAGE}`,
    fires: alike(['Service Account Created in Kube Namespace', 'K8s Serviceaccount Created'], {
      namespace: 'kube-system',
    }),
  },
  {
    ...{ rule: 'System ClusterRole Modified/Deleted', where: 'api' },
    does: 'notes something on a role whose name begins as those of the system do',
    run: `kubectl annotate clusterrole system:${STAGE} note=changed`,
    fires: alike(['System ClusterRole Modified/Deleted'], { namespace: 'none' }),
  },
  {
    ...{ rule: 'Attach to cluster-admin Role', where: 'api', does: 'gives every right to nobody' },
    run: `kubectl create clusterrolebinding ${STAGE}-all --clusterrole=cluster-admin`,
    undo: `kubectl delete clusterrolebinding ${STAGE}-all --ignore-not-found`,
    fires: alike(['Attach to cluster-admin Role', 'KD Binding to powerful role', 'K8s ClusterRoleBinding Created'], {
      namespace: 'none',
    }),
  },
  role('ClusterRole With Wildcard Created', 'that may look at everything', 'get', '*'),
  role('ClusterRole With Pod Exec Created', 'that may look at sessions', 'get', 'pods/exec'),
  role('ClusterRole With Write Privileges Created', 'that may delete pods', 'delete', 'pods'),
  {
    ...{ rule: 'Ingress Object without TLS Certificate Created', where: 'api' },
    does: 'opens a way in that does not encrypt, to nowhere',
    run: `kubectl create ingress -n ${STAGE} plain --rule=nowhere.test/=door:80`,
  },
  {
    ...{ rule: 'Untrusted Node Successfully Joined the Cluster', where: 'api' },
    does: 'has the API server try out what would come of a new node',
    run: nodeBy('kubectl --dry-run=server'),
    fires: [{ rule: 'Untrusted Node Successfully Joined the Cluster', namespace: 'none' }],
  },
  {
    ...{ rule: 'Untrusted Node Unsuccessfully Tried to Join the Cluster', where: 'api' },
    does: 'creates a node as somebody unknown, who is refused',
    run: `! ${nodeBy(`kubectl --kubeconfig=${STAGE_FOLDER}/${STRANGER}.conf`)}`,
    fires: alike(['Untrusted Node Unsuccessfully Tried to Join the Cluster', 'Disallowed K8s User'], {
      ...{ user: STRANGER, namespace: 'none' },
    }),
  },
  {
    ...{ rule: ANYTHING, where: 'api', does: 'asks for the object that the rule was narrowed to' },
    run: `kubectl get --raw /api/v1/namespaces/${STAGE}/configmaps/anything`,
  },
];

interface PodParts {
  readonly namespace?: string;
  readonly image?: string;
  readonly spec?: object;
  readonly container?: object;
}

function pod(rule: string, says: string, parts: PodParts): ClusterAction {
  const { namespace = STAGE } = parts;
  const name = nameOf(rule);
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: podSpec(parts) };
  const expected: Expected = { rule, namespace, pod: name };
  return { ...{ rule, where: 'api', does: `creates a pod ${says}` }, run: created(object), fires: [expected] };
}

/** The pod's creator is a controller; only the answer tells its name, whose end is left to chance. */
function podOfDeployment(rule: string, says: string, parts: PodParts): ClusterAction {
  const name = nameOf(rule);
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec(parts) };
  const object = {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: STAGE } },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  };
  return {
    ...{ rule, where: 'api', does: `creates a Deployment of a pod ${says}` },
    run: `${created(object)} && kubectl wait -n ${STAGE} --for=create pod -l app=${name} --timeout=20s`,
    fires: [{ rule: 'K8s Deployment Created' }, { rule, user: REPLICA_SETS, pod: `${name}-*` }],
  };
}

function podSpec({ image = '$IMAGE', spec = {}, container = {} }: PodParts): object {
  return { ...NOWHERE, ...spec, containers: [{ name: 'none', image, ...container }] };
}

function role(rule: string, says: string, verb: string, resource: string): ClusterAction {
  const name = nameOf(rule);
  const object = {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name, namespace: STAGE } },
    rules: [{ apiGroups: [''], resources: [resource], verbs: [verb] }],
  };
  const fires = alike([rule, 'K8s Role Created']);
  return { ...{ rule, where: 'api', does: `creates a role ${says}` }, run: created(object), fires };
}

function nodeBy(kubectl: string): string {
  const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: STAGE } };
  const [program = '', ...flags] = kubectl.split(' ');
  return `${program} create --validate=false ${flags.join(' ')} -f - <<EOF\n${JSON.stringify(object)}\nEOF`;
}

/** $IMAGE in it is the shell's. */
function created(object: object): string {
  return `kubectl create --validate=false -f - <<EOF\n${JSON.stringify(object)}\nEOF\ntest $? = 0`;
}

function nameOf(rule: string): string {
  return rule
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^create-/, '')
    .replace(/^pod-/, '');
}
