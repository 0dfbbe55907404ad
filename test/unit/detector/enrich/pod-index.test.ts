import { PodIndex } from '../../../../detector/enrich/pod-index.ts';
import { podObject } from './pod-objects.ts';
import { CONTAINER_ID, POD_UID } from './records.ts';

const REF = { id: CONTAINER_ID, podUid: POD_UID };

describe('PodIndex', () => {
  test('finds pod and container by what a cgroup tells', () => {
    const index = new PodIndex();
    index.set(podObject());
    expect(index.pod(REF)).toMatchObject({ name: 'web-0', namespace: 'shop', ip: '10.244.1.7', hostNetwork: true });
    expect(index.container(REF)).toEqual({
      name: 'nginx',
      image: 'docker.io/library/nginx:1.27',
      privileged: true,
      mounts: [],
      startedAtNs: 1_767_323_045_000_000_000n,
    });
  });

  test('knows the pod before it knows the container', () => {
    const index = new PodIndex();
    index.set(podObject({}, ''));
    expect(index.pod(REF)?.name).toBe('web-0');
    expect(index.container(REF)).toBeUndefined();
  });

  test('finds a static pod by the hash that its cgroup has', () => {
    const hash = '0123456789abcdef0123456789abcdef';
    const index = new PodIndex();
    index.set(podObject({ annotations: { 'kubernetes.io/config.hash': hash } }));
    expect(index.pod({ ...REF, podUid: hash })?.uid).toBe(POD_UID);
  });

  test('still knows a pod that has just been deleted, but not one long gone', () => {
    const index = new PodIndex();
    index.set(podObject());
    index.delete(podObject());
    expect(index.pod(REF)?.name).toBe('web-0');
    for (let n = 0; n < 200; n++) {
      const other = podObject({ uid: `other-${String(n)}` });
      index.set(other);
      index.delete(other);
    }
    expect(index.pod(REF)).toBeUndefined();
    expect(index.size).toBe(0);
  });

  test('a fresh list replaces what was known', () => {
    const index = new PodIndex();
    index.set(podObject({ uid: 'gone', name: 'gone' }));
    index.reset([podObject()]);
    expect(index.size).toBe(1);
    expect(index.pod(REF)?.name).toBe('web-0');
  });

  test.each([
    ['the API server’s static pod', { namespace: 'kube-system', labels: { component: 'kube-apiserver' } }, true],
    ['a pod that only calls itself so', { namespace: 'default', labels: { component: 'kube-apiserver' } }, false],
  ])('tells a control-plane node by %s', (_, metadata, expected) => {
    const index = new PodIndex();
    index.set(podObject(metadata));
    expect(index.hasApiServer()).toBe(expected);
  });
});
