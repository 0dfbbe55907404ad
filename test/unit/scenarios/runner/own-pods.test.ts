import type { KubeObject } from '../../../../core/index.ts';
import { waitForOwnPods } from '../../../../scenarios/runner/own-pods.ts';
import { keyOf } from '../support/fake-kube.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

let world: FakeWorld | undefined;
afterEach(() => world?.remove());

const probes = (ready: number, more: Readonly<Record<string, number>> = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'pod-b', namespace: 'kubedrill-probes', generation: 2 },
  status: {
    observedGeneration: 2,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberReady: ready,
    ...more,
  },
});

const nobodyAsks = (): void => undefined;

describe('waiting for probes and detector', () => {
  test('ends when the pods of all nodes are new and ready', async () => {
    world = await fakeWorld([], [probes(1)]);
    const { kube, env } = world;
    const seen: string[] = [];
    const notes = await waitForOwnPods(env, (text) => {
      seen.push(text);
      const next = probes(seen.length + 1);
      kube.objects.set(keyOf({ ...next, ...next.metadata }), next);
    });
    expect(notes).toEqual([]);
    expect(seen).toEqual(Array.from({ length: 2 }, () => 'not all pods of pod-b are ready'));
  });

  test.each([
    ['a pod is not ready', probes(2)],
    ['a pod is still an old one', probes(3, { updatedNumberScheduled: 2 })],
    ['its controller has not looked yet', probes(3, { observedGeneration: 1 })],
  ])('gives up with a sentence while %s', async (_name, object) => {
    world = await fakeWorld([], [object]);
    expect(await waitForOwnPods(world.env, nobodyAsks)).toEqual([expect.stringContaining('pod-b')]);
  });

  test('does not wait where all are', async () => {
    world = await fakeWorld([], [probes(3)]);
    const { ms } = world.clock;
    expect(await waitForOwnPods(world.env, nobodyAsks)).toEqual([]);
    expect(world.clock.ms).toBe(ms);
  });
});
