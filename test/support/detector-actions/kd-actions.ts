import { alike, STAGE, STAGE_FOLDER, type ClusterAction } from './cluster-action.ts';

const RESPONDER = 'system:serviceaccount:kubedrill-system:kubedrill-responder';
const CHAIN = 'KD-STAGE';
const FILE = '.detector-stage';

/** For the KD rules about the node and its pods. */
const ON_THE_NODE: readonly ClusterAction[] = [
  onNode('KD Packet filter rule changed', 'adds a rule to a chain that nothing leads to', {
    run: `iptables -A ${CHAIN} -j RETURN`,
  }),
  onNode('KD Packet filter flushed', 'flushes that chain', { run: `iptables -F ${CHAIN}` }),
  onNode('KD Route or sysctl changed', 'adds a route to a network of documentation, which leads nowhere', {
    run: 'ip route add blackhole 203.0.113.0/24',
    undo: 'ip route delete blackhole 203.0.113.0/24',
  }),
  onNode('KD Static pod manifest changed', 'makes a hidden file among the manifests, which the kubelet passes over', {
    run: `touch /etc/kubernetes/manifests/${FILE}`,
    undo: `rm -f /etc/kubernetes/manifests/${FILE}`,
  }),
  onNode('KD Cluster PKI or kubeconfig changed', "makes a file among the cluster's keys", {
    run: `touch /etc/kubernetes/pki/${FILE}`,
    undo: `rm -f /etc/kubernetes/pki/${FILE}`,
  }),
  onNode('KD Node service stopped', 'stops a service that has a name like the kubelet and is not there', {
    run: 'systemctl stop kubelet-of-stage.service || true',
  }),
  onNode('KD Kubelet or runtime configuration changed', "adds nothing to the kubelet's configuration", {
    run: ': >> /var/lib/kubelet/config.yaml',
  }),
  onNode('KD CNI configuration changed', 'makes a file among the network plugins', {
    run: `touch /opt/cni/bin/${FILE}`,
    undo: `rm -f /opt/cni/bin/${FILE}`,
  }),
  onNode('KD System process signalled', 'stops the kubelet and has it go on at once', {
    run: 'kill -STOP "$(pidof kubelet)"; kill -CONT "$(pidof kubelet)"',
  }),
  onNode('KD Detector tampered on its node', 'sends the sensor a signal that does nothing', {
    run: 'kill -CONT "$(pidof kubedrill-sensor)"',
  }),
  onNode('KD Detector tampered on its node', 'sends the engine such a signal', {
    run: `kill -CONT "$(pgrep -f '/opt/kubedrill/[d]etector.js')"`,
  }),
  onNode('KD Detector tampered on its node', 'sends a probe such a signal', {
    run: `kill -CONT "$(pgrep -o -f '/opt/kubedrill/[a]gent.js')"`,
  }),
  onNode('KD etcd data touched', "reads the first byte of etcd's data", {
    run: 'head -c 1 /var/lib/etcd/member/snap/db',
  }),
  onNode('KD Resolver or hosts file changed', 'adds nothing to /etc/hosts', { run: ': >> /etc/hosts' }),
  {
    ...{
      rule: 'KD Camera device opened',
      where: 'pod',
      does: 'opens a device named like a camera, which is /dev/null',
    },
    run: 'mknod /dev/video9 c 1 3 && cat /dev/video9',
  },
  {
    ...{ rule: 'KD Namespace tool in container', where: 'pod', does: 'asks nsenter for its version' },
    run: 'nsenter --version',
  },
];

/** For the KD rules about what is asked of the API server. */
const ASKED: readonly ClusterAction[] = [
  {
    ...{ rule: 'KD Detector or probe tampered', where: 'api', does: 'notes something on an account of the probes' },
    run: 'kubectl annotate serviceaccount -n kubedrill-probes default stage=1',
    undo: 'kubectl annotate serviceaccount -n kubedrill-probes default stage-',
    fires: [{ rule: 'KD Detector or probe tampered', namespace: 'kubedrill-probes' }],
  },
  {
    ...{ rule: 'KD System ConfigMap changed', where: 'api', does: "notes something on CoreDNS's ConfigMap" },
    run: 'kubectl annotate configmap -n kube-system coredns stage=1',
    undo: 'kubectl annotate configmap -n kube-system coredns stage-',
    fires: [{ rule: 'KD System ConfigMap changed', namespace: 'kube-system' }],
  },
  {
    ...{ rule: 'KD NetworkPolicy changed', where: 'api', does: 'notes something on a policy for no pod' },
    run: `kubectl annotate networkpolicy -n ${STAGE} for-nobody by=admin`,
  },
  {
    ...{ rule: 'KD Quarantine applied', where: 'api', does: "does the same with the responder's identity" },
    run: `kubectl --kubeconfig=${STAGE_FOLDER}/responder.conf annotate networkpolicy -n ${STAGE} for-nobody by=responder --overwrite`,
    fires: alike(['KD Quarantine applied', 'KD NetworkPolicy changed'], { user: RESPONDER }),
  },
  {
    ...{ rule: 'KD Node changed by a person', where: 'api', does: 'notes something on a node' },
    run: 'kubectl annotate node "$NODE" stage=1',
    undo: 'kubectl annotate node "$NODE" stage-',
    fires: [{ rule: 'KD Node changed by a person', namespace: 'none' }],
  },
  {
    ...{ rule: 'KD Binding to powerful role', where: 'api', does: 'gives the right to edit to nobody' },
    run: `kubectl create rolebinding -n ${STAGE} powerful --clusterrole=edit --user=nobody`,
    fires: alike(['KD Binding to powerful role', 'K8s RoleBinding Created']),
  },
  {
    ...{ rule: 'KD Admission or API extension changed', where: 'api' },
    does: 'creates a configuration of admission that names no webhook',
    run: `kubectl create --validate=false -f - <<EOF
{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"${STAGE}"}}
EOF`,
    undo: `kubectl delete validatingwebhookconfiguration ${STAGE}`,
    fires: [{ rule: 'KD Admission or API extension changed', namespace: 'none' }],
  },
  {
    ...{ rule: 'KD Edge secret changed', where: 'api', does: 'creates an empty Secret in the shop' },
    run: `kubectl create secret generic -n shop ${STAGE}`,
    undo: `kubectl delete secret -n shop ${STAGE}`,
    fires: alike(['KD Edge secret changed', 'K8s Secret Created'], { namespace: 'shop' }),
  },
  {
    ...{ rule: 'KD Workload scaled to zero', where: 'api', does: 'scales a Deployment to nothing' },
    run: `kubectl scale deployment -n ${STAGE} scaled --replicas=0`,
  },
];

export const KD_ACTIONS: readonly ClusterAction[] = [...ON_THE_NODE, ...ASKED];

function onNode(rule: string, does: string, how: Pick<ClusterAction, 'run' | 'undo'>): ClusterAction {
  return { rule, does, where: 'node', ...how, fires: [{ rule, namespace: 'none' }] };
}
