import { STAGE, type ClusterAction } from './cluster-action.ts';

/** For the rules that record what is created, deleted and read; some of it has its own action elsewhere. */
export const ACTIVITY_ACTIONS: readonly ClusterAction[] = [
  ...bothOf('Deployment', 'kubectl create deployment', '--image=none --replicas=0'),
  ...bothOf('Service', 'kubectl create service clusterip', '--tcp=80'),
  ...bothOf('ConfigMap', 'kubectl create configmap', ''),
  ...bothOf('Serviceaccount', 'kubectl create serviceaccount', ''),
  ...bothOf('Role', 'kubectl create role', '--verb=get --resource=pods'),
  ...bothOf('RoleBinding', 'kubectl create rolebinding', '--clusterrole=view --user=nobody'),
  ...bothOf('Secret', 'kubectl create secret generic', ''),
  ...clusterWide(bothOf('ClusterRole', 'kubectl create clusterrole', '--verb=get --resource=pods')),
  ...clusterWide(bothOf('ClusterRoleBinding', 'kubectl create clusterrolebinding', '--clusterrole=view --user=nobody')),
  {
    ...{ rule: 'K8s Namespace Deleted', where: 'api', does: 'deletes a namespace' },
    run: `kubectl delete namespace ${STAGE}-two --wait=false`,
    fires: [{ rule: 'K8s Namespace Deleted', namespace: `${STAGE}-two` }],
  },
  {
    ...{ rule: 'K8s Secret Get Successfully', where: 'api', does: 'reads a Secret' },
    run: `kubectl get secret -n ${STAGE} empty`,
  },
  {
    ...{ rule: 'K8s Secret Get Unsuccessfully Tried', where: 'api', does: 'asks for a Secret that is not there' },
    run: `! kubectl get secret -n ${STAGE} absent`,
  },
];

/** Creates one, then deletes it. */
function bothOf(kind: string, create: string, how: string): readonly ClusterAction[] {
  const name = 'recorded';
  return [
    {
      ...{ rule: `K8s ${kind} Created`, where: 'api', does: `creates a ${kind}` },
      run: `${create} -n ${STAGE} ${name} ${how}`,
    },
    {
      ...{ rule: `K8s ${kind} Deleted`, where: 'api', does: `deletes a ${kind}` },
      run: `kubectl delete ${kind.toLowerCase()} -n ${STAGE} ${name} --wait=false`,
    },
  ];
}

function clusterWide(actions: readonly ClusterAction[]): readonly ClusterAction[] {
  return actions.map((action) => ({
    ...action,
    run: action.run.replace(`-n ${STAGE} recorded`, `${STAGE}-recorded`),
    fires: [{ rule: action.rule, namespace: 'none' }],
  }));
}
