import { KubeError } from '../../../../core/index.ts';
import { takeBack } from '../../../../scenarios/faults/undo/registry.ts';
import { CONFIG, fakeEntry } from '../support/fake-scenario.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

let world: FakeWorld;
beforeEach(async () => {
  world = await fakeWorld([fakeEntry()], [CONFIG]);
});
afterEach(() => world.remove());

const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'config', namespace: 'shop' };

describe('taking something back', () => {
  test.each([
    ['changed', async () => world.kube.patch(ref, 'merge', { data: 'bad' })],
    ['deleted', async () => world.kube.delete(ref)],
    ['neither', async () => undefined],
  ])('puts an object back that was %s, and does so again without harm', async (_name, change) => {
    await change();
    const undo = { action: 'object.restore', args: { object: CONFIG } };
    await takeBack({ env: world.env, before: undefined }, undo);
    await takeBack({ env: world.env, before: undefined }, undo);
    expect(await world.kube.get(ref)).toMatchObject({ data: 'good' });
  });

  test.each([
    ['makes anew what cannot be changed back, e.g. a Service that has another address by now', 'ConfigMap', 'good'],
    ['does not delete a Namespace for that, with everything in it', 'Namespace', 'bad'],
  ])('%s', async (_name, kind, data) => {
    const saved = { ...CONFIG, kind };
    await world.kube.create({ ...saved, data: 'bad' }).catch(() => world.kube.patch(ref, 'merge', { data: 'bad' }));
    const immutable = new KubeError({ what: 'PUT', why: 'may not change once set', status: 422 });
    const env = {
      ...world.env,
      session: { ...world.env.session, kube: { ...world.kube, replace: () => Promise.reject(immutable) } },
    };
    const undo = { action: 'object.restore', args: { object: saved } };
    await takeBack({ env, before: undefined }, undo).catch((error: unknown) => expect(error).toBe(immutable));
    expect(await world.kube.get({ ...ref, kind })).toMatchObject({ data });
  });

  test('deletes an object that was made, also when somebody did before', async () => {
    const undo = { action: 'object.delete', args: { ref } };
    await takeBack({ env: world.env, before: undefined }, undo);
    await takeBack({ env: world.env, before: undefined }, undo);
    expect(await world.kube.get(ref)).toBeUndefined();
  });

  test.each([
    ['an action of a newer version', { action: 'node.reboot', args: {} }, 'this version of kubedrill does not know it'],
    [
      'arguments that make no sense',
      { action: 'object.delete', args: { ref: 7 } },
      expect.stringContaining('expected object'),
    ],
    [
      'a node that there is not',
      { action: 'node.run', args: { node: 'lab-x', argv: ['true'] } },
      expect.stringContaining('it has lab-control-plane'),
    ],
    [
      'a restore without a picture',
      { action: 'node.restore', args: { node: 'lab-worker' } },
      'the picture taken before the run is missing',
    ],
  ])('refuses %s', async (_name, undo, why) => {
    await expect(takeBack({ env: world.env, before: undefined }, undo)).rejects.toMatchObject({ why });
  });
});
