import type { LabSnapshot, Residue } from '../../../../labs/index.ts';
import { planRestore } from '../../../../scenarios/runner/restore-plan.ts';

const before: LabSnapshot = {
  apiVersion: 'kubedrill/v1',
  takenAt: '',
  nodes: [],
  objects: {
    'v1/ConfigMap/kube-system/kube-proxy':
      '{"metadata":{"name":"kube-proxy","namespace":"kube-system"},"data":{"a":"b"}}',
    'v1/Node//lab-worker': '{"metadata":{"name":"lab-worker"},"spec":{}}',
    'v1/Secret/shop/token': '{"metadata":{"name":"token","namespace":"shop"},"data":{"token":"sha256:1"}}',
    'v1/Pod/shop/pods of Deployment web': '{"pods":[]}',
    'storage.k8s.io/v1/CSINode//lab-worker':
      '{"metadata":{"name":"lab-worker","ownerReferences":[{"kind":"Node","name":"lab-worker"}]}}',
  },
};

const changed = (object: string): Residue => ({ kind: 'object', object, change: 'changed', detail: '' });
const node = (table: string, line: string): Residue => ({
  kind: 'node',
  node: 'lab-worker',
  table,
  line,
  change: 'missing',
});

test.each<[string, readonly Residue[], readonly object[]]>([
  [
    'an object that changed is put back with its type',
    [changed('v1/ConfigMap/kube-system/kube-proxy')],
    [{ kind: 'put-back', object: { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } } }],
  ],
  [
    'an object of a group that was added is deleted',
    [{ kind: 'object', object: 'rbac.authorization.k8s.io/v1/ClusterRoleBinding//mine', change: 'added', detail: '' }],
    [{ kind: 'delete', ref: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'mine' } }],
  ],
  ['a node object gets its own labels and taints back', [changed('v1/Node//lab-worker')], [{ kind: 'put-node-back' }]],
  ['an object that comes with its owner is left to it', [changed('storage.k8s.io/v1/CSINode//lab-worker')], []],
  ['a Secret, of which only hashes are kept, is left alone', [changed('v1/Secret/shop/token')], []],
  [
    'pods that differ from their template are renewed',
    [changed('v1/Pod/shop/pods of Deployment web')],
    [{ kind: 'renew-pods' }],
  ],
  [
    'all tables of a node are restored at once',
    [node('ip nat', 'a'), node('ip nat', 'b'), node('hosts', 'c')],
    [{ kind: 'restore-node', node: 'lab-worker', tables: ['ip nat', 'hosts'] }],
  ],
])('%s', (_name, residue, acts) => {
  const planned = planRestore(before, residue).flat();
  expect(planned).toHaveLength(acts.length);
  expect(planned).toMatchObject(acts);
});

test('what can refuse changes goes first, then come namespaces, what is in them, their pods, and the nodes', () => {
  const one = (object: string, change: 'added' | 'missing' | 'changed'): Residue => ({
    kind: 'object',
    object,
    change,
    detail: '',
  });
  const namespace = 'v1/Namespace//shop';
  const groups = planRestore(
    { ...before, objects: { ...before.objects, [namespace]: '{"metadata":{"name":"shop"}}' } },
    [
      node('ip nat', 'a'),
      one('v1/Pod/shop/pods of Deployment web', 'changed'),
      one('v1/ConfigMap/kube-system/kube-proxy', 'missing'),
      one('v1/Namespace//theirs', 'added'),
      one(namespace, 'missing'),
      one('admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration//refuses-all', 'added'),
    ],
  );
  expect(groups.map((acts) => acts.map(({ kind }) => kind))).toEqual([
    ['delete'],
    ['put-back'],
    ['put-back', 'delete'],
    ['renew-pods'],
    ['restore-node'],
  ]);
});
