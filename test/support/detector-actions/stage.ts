import { execaRunner, type RunResult } from '../../../core/index.ts';
import { ownRules } from '../../../detector/addon/own-rules.ts';
import type { RulesFile } from '../../../detector/ruleset/index.ts';
import { containerOf, toolboxImage, type DetectorLab } from '../detector-lab.ts';
import { STAGE, STAGE_FOLDER, WAITING_POD } from './cluster-action.ts';

/** Where cluster actions are done. */
export interface Stage {
  readonly lab: DetectorLab;
  /** The control-plane node: the API server, its audit log, and etcd are there. */
  readonly node: string;
  readonly image: string;
  /** Of the waiting pod. */
  readonly container: string;
}

const docker = execaRunner();

/**
 * Our rules, with those that are switched off on: each narrowed to what its own action does, as everything else that is done here would
 * raise it as well.
 */
export function rulesOfStage(): readonly RulesFile[] {
  return [...ownRules(), { name: '90-stage.yaml', content: STAGE_RULES }];
}

const STAGE_RULES = `
- {list: allowed_namespaces, items: [${STAGE}], override: {items: append}}
- {list: allowed_k8s_users, items: [admin-of-everything], override: {items: append}}
- {list: full_admin_k8s_users, items: [admin-of-everything], override: {items: replace}}
- {list: full_admin_k8s_groups, items: [], override: {items: replace}}
- {rule: Full K8s Administrative Access, enabled: true}
- {rule: Create Disallowed Pod, enabled: true}
- {rule: Untrusted Node Successfully Joined the Cluster, enabled: true}
- {rule: Untrusted Node Unsuccessfully Tried to Join the Cluster, enabled: true}
- {rule: All K8s Audit Events, enabled: true}
- rule: All K8s Audit Events
  condition: and ka.uri endswith configmaps/anything
  override: {condition: append}
`;

export async function setStage(lab: DetectorLab): Promise<Stage> {
  const node = `${lab.name}-control-plane`;
  const image = await toolboxImage(lab);
  const stage = { lab, node, image, container: '' };
  await onStage(stage, SET_UP);
  return { ...stage, container: await containerOf(lab, STAGE, WAITING_POD) };
}

export async function clearStage(stage: Stage): Promise<void> {
  await onStage(stage, TEAR_DOWN);
}

/** A shell on the control-plane node, with the administrator's kubeconfig. It stops at the first command that fails. */
export function onStage({ node, image }: Stage, script: string): Promise<RunResult> {
  const variables = { KUBECONFIG: '/etc/kubernetes/admin.conf', IMAGE: image, NODE: node };
  const env = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return docker.run('docker', ['exec', ...env, node, 'bash', '-ec', script], { timeoutMs: 120_000 });
}

const META = (name: string): string => `"metadata":{"name":"${name}","namespace":"${STAGE}"}`;
const CONTAINER =
  '"containers":[{"name":"stage","image":"$IMAGE","imagePullPolicy":"Never","command":["sleep","infinity"]}]';
const OBJECTS = [
  `{"apiVersion":"v1","kind":"Pod",${META(WAITING_POD)},"spec":{"nodeName":"$NODE","terminationGracePeriodSeconds":0,` +
    `"tolerations":[{"operator":"Exists"}],"automountServiceAccountToken":false,${CONTAINER}}}`,
  `{"apiVersion":"v1","kind":"ConfigMap",${META('anything')}}`,
  `{"apiVersion":"v1","kind":"Secret",${META('empty')}}`,
  `{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",${META('for-nobody')},` +
    '"spec":{"podSelector":{"matchLabels":{"kubedrill/nobody":"here"}},"policyTypes":["Ingress"]}}',
  `{"apiVersion":"apps/v1","kind":"Deployment",${META('scaled')},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"scaled"}},` +
    `"template":{"metadata":{"labels":{"app":"scaled"}},"spec":{"nodeSelector":{"kubedrill/nobody":"here"},${CONTAINER}}}}}`,
];

/** Two users with certificates of the cluster's, and the responder's identity, which no lab has yet. */
const SET_UP = `
mkdir -p ${STAGE_FOLDER}
kubectl create namespace ${STAGE}
kubectl create -f - <<EOF
{"apiVersion":"v1","kind":"List","items":[${OBJECTS.join(',')}]}
EOF
for user in stranger admin-of-everything; do
  kubeadm kubeconfig user --config=/kind/kubeadm.conf --client-name=$user > ${STAGE_FOLDER}/$user.conf
done
kubectl create clusterrole system:${STAGE} --verb=get --resource=pods
kubectl create serviceaccount -n kubedrill-system kubedrill-responder
kubectl create rolebinding -n ${STAGE} responder --clusterrole=edit --serviceaccount=kubedrill-system:kubedrill-responder
cp ${STAGE_FOLDER}/stranger.conf ${STAGE_FOLDER}/responder.conf
token=$(kubectl create token -n kubedrill-system kubedrill-responder)
kubectl --kubeconfig=${STAGE_FOLDER}/responder.conf config set-credentials responder --token="$token"
kubectl --kubeconfig=${STAGE_FOLDER}/responder.conf config set-context --current --user=responder
iptables -N KD-STAGE`;

const TEAR_DOWN = `
set +e
iptables -F KD-STAGE && iptables -X KD-STAGE
kubectl delete serviceaccount -n kubedrill-system kubedrill-responder
kubectl delete clusterrole system:${STAGE}
rm -rf ${STAGE_FOLDER}
kubectl delete namespace ${STAGE} --timeout=100s`;
