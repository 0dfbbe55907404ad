import type { KubeObject } from '../../../../core/index.ts';
import { compareSnapshots } from '../../../../labs/snapshot/compare.ts';
import { canonicalObjects, foreignPods, isPictured } from '../../../../labs/snapshot/objects.ts';
import type { LabSnapshot } from '../../../../labs/snapshot/types.ts';

const owner = (kind: string, name: string) => ({ ownerReferences: [{ kind, name, uid: 'u', controller: true }] });

const web: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'uid-1',
    resourceVersion: '7',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'deployment.kubernetes.io/revision': '1' },
  },
  spec: {
    replicas: 4,
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
  },
  status: { readyReplicas: 4 },
};
const replicaSet: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web-abc', namespace: 'shop', ...owner('Deployment', 'web') },
};
const pod = (
  name: string,
  extra: Readonly<Record<string, unknown>> = {},
  labels: Readonly<Record<string, string>> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    labels: { app: 'web', 'pod-template-hash': 'abc', ...labels },
    ...owner('ReplicaSet', 'web-abc'),
  },
  spec: { containers: [{ name: 'web', image: 'web:1' }], ...extra },
  status: { podIP: '10.244.1.9' },
});
const node: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'lab-worker', labels: { zone: 'a' } },
  spec: {
    podCIDR: '10.244.1.0/24',
    taints: [
      { key: 'b', effect: 'NoSchedule', timeAdded: 'then' },
      { key: 'a', effect: 'NoSchedule' },
    ],
  },
  status: { images: [] },
};
const service: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, clusterIP: '10.96.1.1' },
};
const secret = (data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'app-tls', namespace: 'shop' },
  type: 'Opaque',
  data,
});
const configMap = (data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'coredns', namespace: 'kube-system' },
  data,
});
const token = (expiration: string): KubeObject => ({
  ...secret({ expiration: Buffer.from(expiration).toString('base64') }),
  metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
  type: 'bootstrap.kubernetes.io/token',
});
const request = (name: string, username: string): KubeObject => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: { username },
});

function residue(before: readonly KubeObject[], after: readonly KubeObject[]): readonly string[] {
  const picture = (objects: readonly KubeObject[]): LabSnapshot => ({
    apiVersion: 'kubedrill/v1',
    takenAt: '2026-06-01T00:00:00Z',
    nodes: [],
    objects: canonicalObjects(objects),
  });
  return compareSnapshots(picture(before), picture(after)).map((one) =>
    one.kind === 'object' ? `${one.change} ${one.object} ${one.detail}`.trim() : one.line,
  );
}

test.each<readonly [string, readonly KubeObject[], readonly KubeObject[]]>([
  ['a pod that its Deployment replaced', [web, replicaSet, pod('web-abc-1')], [web, replicaSet, pod('web-abc-2')]],
  [
    'another ReplicaSet of the same Deployment',
    [web, replicaSet],
    [web, { ...replicaSet, metadata: { ...replicaSet.metadata, name: 'web-def' } }],
  ],
  [
    'versions, status and the revision of a rollout that was undone',
    [web],
    [
      {
        ...web,
        metadata: {
          ...web.metadata,
          uid: 'uid-2',
          generation: 3,
          annotations: { 'deployment.kubernetes.io/revision': '3' },
        },
        status: {},
      },
    ],
  ],
  [
    'the time of a restart in a pod template',
    [web],
    [
      {
        ...web,
        spec: {
          replicas: 4,
          template: {
            metadata: { labels: { app: 'web' }, annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } },
            spec: { containers: [{ name: 'web', image: 'web:1' }] },
          },
        },
      },
    ],
  ],
  [
    'a pod that is on its way out',
    [pod('a')],
    [
      pod('a'),
      { ...pod('b', {}, { app: 'x' }), metadata: { ...pod('b', {}, { app: 'x' }).metadata, deletionTimestamp: 'now' } },
    ],
  ],
  [
    'endpoints that follow a selector',
    [service],
    [service, { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'web', namespace: 'shop' } }],
  ],
  [
    'when a taint was added, and in which order',
    [node],
    [
      {
        ...node,
        spec: {
          podCIDR: '10.244.1.0/24',
          taints: [
            { key: 'a', effect: 'NoSchedule' },
            { key: 'b', effect: 'NoSchedule', timeAdded: 'now' },
          ],
        },
      },
    ],
  ],
  ['a request of a kubelet for its certificate', [], [request('csr-1', 'system:node:lab-worker')]],
  ['a request that was removed after its answer', [request('old', 'mallory')], []],
  ['a bootstrap token that has expired', [token('2026-05-31T00:00:00Z')], []],
])('%s is no residue', (_what, before, after) => {
  expect(residue(before, after)).toEqual([]);
});

test.each<readonly [string, readonly KubeObject[], readonly KubeObject[], readonly unknown[]]>([
  ['a leftover object', [], [configMap({ a: 'b' })], ['added v1/ConfigMap/kube-system/coredns']],
  ['a lost object', [service], [], ['missing v1/Service/shop/web']],
  [
    'a changed ConfigMap',
    [configMap({ a: 'b' })],
    [configMap({ a: 'c' })],
    ['changed v1/ConfigMap/kube-system/coredns .data.a: "b" → "c"'],
  ],
  [
    'a label on a node',
    [node],
    [{ ...node, metadata: { name: 'lab-worker', labels: { zone: 'a', x: 'y' } } }],
    ['changed v1/Node//lab-worker .metadata.labels.x: absent → "y"'],
  ],
  [
    'a taint on a node',
    [{ ...node, spec: {} }],
    [node],
    [expect.stringContaining('.spec.taints.0: absent → {"effect":"NoSchedule","key":"a"}')],
  ],
  [
    'a cordoned node',
    [node],
    [{ ...node, spec: { ...(node['spec'] as object), unschedulable: true } }],
    ['changed v1/Node//lab-worker .spec.unschedulable: absent → true'],
  ],
  [
    'a changed replica count',
    [web],
    [{ ...web, spec: { ...(web['spec'] as object), replicas: 3 } }],
    ['changed apps/v1/Deployment/shop/web .spec.replicas: 4 → 3'],
  ],
  [
    'an ephemeral container in a pod of a Deployment',
    [replicaSet, pod('a'), pod('b')],
    [replicaSet, pod('a'), pod('b', { ephemeralContainers: [{ name: 'debugger-x' }] })],
    [expect.stringMatching(/^changed v1\/Pod\/shop\/pods of Deployment web .*debugger-x/)],
  ],
  [
    'a relabelled pod',
    [replicaSet, pod('a')],
    [replicaSet, pod('a', {}, { app: 'other' })],
    [expect.stringContaining('"web" → "other"')],
  ],
  [
    'a pod that nobody owns',
    [],
    [{ ...pod('lost'), metadata: { name: 'lost', namespace: 'shop' } }],
    ['added v1/Pod/shop/lost'],
  ],
  [
    'an object that cannot go',
    [configMap({})],
    [{ ...configMap({}), metadata: { ...configMap({}).metadata, deletionTimestamp: 'now', finalizers: ['x'] } }],
    [expect.stringContaining('terminating')],
  ],
  [
    'hand-made endpoints',
    [],
    [{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'own', namespace: 'shop' } }],
    ['added discovery.k8s.io/v1/EndpointSlice/shop/own'],
  ],
  [
    'a request by a person',
    [],
    [request('mine', 'mallory')],
    ['added certificates.k8s.io/v1/CertificateSigningRequest//mine'],
  ],
  [
    'a bootstrap token that somebody deleted',
    [token('2027-01-01T00:00:00Z')],
    [],
    ['missing v1/Secret/kube-system/bootstrap-token-abcdef'],
  ],
])('%s is seen', (_what, before, after, seen) => {
  expect(residue(before, after)).toEqual(seen);
});

test('a changed Secret is seen, and its value is in no picture', () => {
  const [old, now] = [secret({ key: 'aHVudGVyMg==' }), secret({ key: 'b3RoZXI=' })];
  expect(residue([old], [now])).toEqual([
    expect.stringMatching(/^changed v1\/Secret\/shop\/app-tls \.data\.key: "sha256:/),
  ]);
  expect(JSON.stringify(canonicalObjects([old]))).not.toContain('aHVudGVyMg');
});

test.each([
  ['Event', ['list'], false],
  ['Lease', ['list'], false],
  ['TokenReview', ['create'], false],
  ['ConfigMap', ['get', 'list'], true],
])('of kinds, %s with %j is pictured: %s', (kind, verbs, pictured) => {
  expect(isPictured({ apiVersion: 'v1', kind, resource: kind, namespaced: true, verbs })).toBe(pictured);
});

const staticPod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'etcd-lab-worker', namespace: 'kube-system', ...owner('Node', 'lab-worker') },
  spec: { containers: [{ name: 'etcd', image: 'etcd:9' }] },
};
const byHand: KubeObject = { ...pod('mine'), metadata: { name: 'mine', namespace: 'shop' } };
const ofTheirs: KubeObject = {
  ...pod('theirs'),
  metadata: { name: 'theirs', namespace: 'shop', ...owner('Job', 'miner') },
};

test.each<[string, KubeObject, boolean]>([
  ['a new pod of a known owner', pod('another'), false],
  ['one with another image', pod('another', { containers: [{ name: 'web', image: 'web:2' }] }), true],
  ['one with a container that was added to it', pod('a', { ephemeralContainers: [{ name: 'debugger' }] }), true],
  ['one with another label', pod('a', {}, { app: 'other' }), true],
  ['one of an owner that the picture does not know', ofTheirs, true],
  ['a static pod, whose manifest is a file', staticPod, false],
  ['one that nobody would make again', byHand, false],
])('beside a picture, %s is foreign: %j', (_which, one, isForeign) => {
  const saved = { objects: canonicalObjects([replicaSet, pod('a'), pod('b')]) };
  expect(foreignPods(saved, [replicaSet, one])).toEqual(isForeign ? [one] : []);
});
