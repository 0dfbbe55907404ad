import { changedParts, ownParts } from '../../../../scenarios/grader/own-parts.ts';
import type { KubeObject } from '../../../../core/index.ts';
import { fakeKube } from '../support/fake-kube.ts';

const probes = (image: string, generation: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'pod-b', namespace: 'kubedrill-probes', uid: 'd1', generation },
  spec: { image },
});

const podOn = (node: string, images: readonly string[], name = `pod-b-${node}`): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'kubedrill-probes',
    ownerReferences: [{ kind: 'DaemonSet', name: 'pod-b', uid: 'd1' }],
  },
  spec: { nodeName: node, containers: images.map((image, index) => ({ name: `c${String(index)}`, image })) },
});

const rules = (data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'rules', namespace: 'kubedrill-system' },
  data,
});

const elsewhere: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } };

const before = [probes('toolbox', 1), podOn('n1', ['toolbox']), podOn('n2', ['toolbox']), rules({ a: '1' })];

async function changes(now: readonly KubeObject[]): Promise<readonly string[]> {
  return changedParts(await ownParts(fakeKube(before)), await ownParts(fakeKube(now)));
}

describe('what probes and detector are made of', () => {
  test('is unchanged while pods are replaced or away, and others change', async () => {
    expect(await changes([...before.slice(0, 2), elsewhere, rules({ a: '1' })])).toEqual([]);
    expect(await changes([probes('toolbox', 1), podOn('n1', ['toolbox'], 'pod-b-new'), rules({ a: '1' })])).toEqual([]);
  });

  test.each([
    ['an image', [probes('other', 2), ...before.slice(1)], 'DaemonSet kubedrill-probes/pod-b was changed'],
    [
      'a change that was taken back',
      [probes('toolbox', 3), ...before.slice(1)],
      'DaemonSet kubedrill-probes/pod-b was changed',
    ],
    ['rules', [...before.slice(0, 3), rules({})], 'ConfigMap kubedrill-system/rules was changed'],
    ['an object that is gone', before.slice(0, 3), 'ConfigMap kubedrill-system/rules is gone'],
    [
      'a pod that runs something else',
      [before[0], podOn('n1', ['other']), ...before.slice(2)],
      'Pod kubedrill-probes/pod-b on n1 was changed',
    ],
    [
      'a container that was added',
      [before[0], podOn('n1', ['toolbox', 'sh']), ...before.slice(2)],
      'Pod kubedrill-probes/pod-b on n1 was changed',
    ],
    [
      'a new Service',
      [...before, { ...elsewhere, metadata: { name: 'x', namespace: 'kubedrill-probes' } }],
      'Service kubedrill-probes/x is new',
    ],
  ])('tells %s', async (_name, now, says) => {
    expect(await changes(now as readonly KubeObject[])).toEqual([says]);
  });
});
