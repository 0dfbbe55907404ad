import type { KubeObject } from '../../../../core/index.ts';
import { removeFailedPods, renewWaitingPods, unfinishedRollouts } from '../../../../scenarios/cluster/rollouts.ts';
import { fakeKube } from '../support/fake-kube.ts';

const workload = (kind: string, generation: number, spec: object, status: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'web', namespace: 'shop', generation },
  spec,
  status: { observedGeneration: 1, ...status },
});
const two = { replicas: 2, updatedReplicas: 2, readyReplicas: 2 };
const onTwoNodes = { desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 };

test.each<[string, KubeObject, readonly string[]]>([
  ['a Deployment with all its pods', workload('Deployment', 1, { replicas: 2 }, two), []],
  [
    'one with an old pod left',
    workload('Deployment', 1, { replicas: 2 }, { ...two, updatedReplicas: 1, replicas: 3 }),
    ['Deployment web: 1 of 2 pods'],
  ],
  [
    'one that its controller has not seen yet',
    workload('Deployment', 2, { replicas: 2 }, two),
    ['Deployment web: 2 of 2 pods'],
  ],
  ['one without pods, as it wants it', workload('Deployment', 1, { replicas: 0 }, {}), []],
  ['a DaemonSet on all its nodes', workload('DaemonSet', 1, {}, onTwoNodes), []],
  [
    'a DaemonSet with a pod that is not ready',
    workload('DaemonSet', 1, {}, { ...onTwoNodes, numberReady: 1 }),
    ['DaemonSet web: 1 of 2 pods'],
  ],
])('%s waits for: %j', async (_which, object, waits) => {
  expect(await unfinishedRollouts(fakeKube([object]))).toEqual(waits);
});

const pod = (name: string, ownerKind: string | undefined, reason: string | undefined): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    ...(ownerKind === undefined ? {} : { ownerReferences: [{ kind: ownerKind, name: 'owner', uid: 'u' }] }),
  },
  spec: { containers: [] },
  status: {
    containerStatuses: [{ name: 'c', state: reason === undefined ? { running: {} } : { waiting: { reason } } }],
  },
});

test('pods that wait for their next try are made anew: not those that run, of nobody, or of a kubelet', async () => {
  const kube = fakeKube([
    pod('crashed', 'ReplicaSet', 'CrashLoopBackOff'),
    pod('no-image', 'DaemonSet', 'ImagePullBackOff'),
    pod('starting', 'ReplicaSet', 'ContainerCreating'),
    pod('works', 'ReplicaSet', undefined),
    pod('static', 'Node', 'CrashLoopBackOff'),
    pod('by-hand', undefined, 'CrashLoopBackOff'),
  ]);
  await renewWaitingPods(kube);
  expect([...kube.objects.values()].map(({ metadata }) => metadata.name)).toEqual([
    'starting',
    'works',
    'static',
    'by-hand',
  ]);
});

test('pods that were given up are removed where others have taken their place: not those of nobody, and none that runs', async () => {
  const failed = (name: string, owner: string | undefined): KubeObject => ({
    ...pod(name, owner, undefined),
    status: { phase: 'Failed' },
  });
  const kube = fakeKube([
    failed('replaced', 'ReplicaSet'),
    failed('by-hand', undefined),
    failed('job', 'Job'),
    pod('works', 'ReplicaSet', undefined),
  ]);
  await removeFailedPods(kube);
  const left = await kube.list('v1', 'Pod');
  expect(left.map(({ metadata }) => metadata.name).sort()).toEqual(['by-hand', 'job', 'works']);
});
