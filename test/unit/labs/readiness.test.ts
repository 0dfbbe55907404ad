import type { KubeClient, KubeObject } from '../../../core/index.ts';
import { leaseChecks, nodeChecks, podChecks, unmet } from '../../../labs/readiness.ts';

/** A KubeClient that lists these objects, and knows nothing else. */
function listing(objects: readonly KubeObject[]): KubeClient {
  const list = async (_version: string, kind: string): Promise<readonly KubeObject[]> =>
    objects.filter((object) => object.kind === kind);
  return { list } as unknown as KubeClient;
}

function node(name: string, ready: string): KubeObject {
  const conditions = [{ type: 'Ready', status: ready, message: ready === 'True' ? '' : 'container runtime is down' }];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { conditions } };
}

function pod(name: string, status: object, more: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...more },
    spec: { nodeName: 'lab-worker' },
    status,
  };
}

const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const STARTING = {
  phase: 'Pending',
  conditions: [{ type: 'Ready', status: 'False' }],
  containerStatuses: [{ name: 'web', state: { waiting: { reason: 'ImagePullBackOff' } } }],
};

function staticPod(container: object): KubeObject {
  const notReady = [{ type: 'Ready', status: 'False' }];
  const containerStatuses = [{ name: 'etcd', started: false, restartCount: 0, state: { running: {} }, ...container }];
  const status = { phase: 'Running', conditions: notReady, containerStatuses };
  return pod('etcd-cp', status, { annotations: { 'kubernetes.io/config.mirror': 'b2c1' } });
}

const NOW = new Date('2026-01-01T00:05:00Z');

describe('the readiness of nodes', () => {
  test.each([
    [[node('a', 'True')], true, 'Ready=True'],
    [[node('a', 'False')], false, 'Ready=False (container runtime is down)'],
    [[], false, 'it has not registered'],
  ])('of %# is seen', async (objects, ok, observed) => {
    expect(await nodeChecks(listing(objects), ['a'])).toEqual([
      { id: 'node-a', says: 'node a is Ready', ok, observed },
    ]);
  });
});

describe('a kubelet', () => {
  const lease = (renewTime: string): KubeObject => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'a', namespace: 'kube-node-lease' },
    spec: { renewTime },
  });

  test.each([
    ['has renewed its lease since', true, [lease('2026-01-01T00:05:00.200000Z')]],
    ['has not renewed its lease since', false, [lease('2026-01-01T00:04:59.900000Z')]],
    ['has no lease', false, []],
  ])('that %s counts as awake: %s', async (_case, ok, objects) => {
    expect(await leaseChecks(listing(objects), ['a'], NOW)).toMatchObject([{ id: 'lease-a', ok }]);
  });
});

describe('the readiness of pods', () => {
  test.each([
    ['all Ready', [pod('web-1', READY), pod('web-2', READY)], true, '2 of 2 Ready'],
    ['a finished job counts', [pod('web-1', READY), pod('job', { phase: 'Succeeded' })], true, '2 of 2 Ready'],
    ['a static pod runs that nobody has probed yet', [staticPod({})], true, '1 of 1 Ready'],
    [
      'a static pod began again',
      [staticPod({ restartCount: 1 })],
      false,
      '0 of 1 Ready; etcd-cp Running on lab-worker',
    ],
    [
      'a static pod fails its probes',
      [staticPod({ started: true, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } })],
      false,
      '0 of 1 Ready; etcd-cp Running on lab-worker',
    ],
    [
      'a static pod has lost its first probes with the kubelet that kubeadm began again',
      [staticPod({ started: true, state: { running: { startedAt: '2026-01-01T00:04:40Z' } } })],
      true,
      '1 of 1 Ready',
    ],
    [
      'a static pod waits',
      [staticPod({ state: { waiting: { reason: 'CrashLoopBackOff' } } })],
      false,
      '0 of 1 Ready; etcd-cp CrashLoopBackOff on lab-worker',
    ],
    [
      'one cannot start',
      [pod('web-1', READY), pod('web-2', STARTING)],
      false,
      '1 of 2 Ready; web-2 ImagePullBackOff on lab-worker',
    ],
    [
      'one is on its way out',
      [pod('web-1', READY, { deletionTimestamp: 'now' })],
      false,
      '0 of 1 Ready; web-1 Running on lab-worker',
    ],
    ['there are none yet', [], false, '0 of 0 Ready'],
  ])('%s', async (_case, objects, ok, observed) => {
    expect(await podChecks(listing(objects), ['shop'], NOW)).toEqual([
      { id: 'pods-shop', says: 'all pods in shop are Ready', ok, observed },
    ]);
  });

  test('is told in one line of what is not met', async () => {
    const checks = await nodeChecks(listing([node('a', 'True')]), ['a', 'b']);
    expect(unmet(checks)).toBe('node b is Ready: it has not registered');
  });

  test('is one line of a few, however much is missing', () => {
    const failing = (id: string, observed: string) => ({ id, says: `${id} is up`, ok: false, observed });
    const checks = [failing('a', 'x'.repeat(500)), failing('b', 'no'), failing('c', 'no'), failing('d', 'no')];
    expect(unmet(checks)).toBe(`a is up: ${'x'.repeat(139)}…; b is up: no; and 2 more`);
  });
});
