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

describe('waiting for a node to come back', () => {
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  const saved = { ...refOfNode('lab-worker'), spec: { podCIDR: '10.244.1.0/24' }, status };
  const undo = { action: 'node.rejoin', args: { object: saved, uid: 'first' } };
  const node = (uid: string, spec: object = saved.spec) => ({ ...saved, metadata: { name: 'lab-worker', uid }, spec });

  function refOfNode(name: string) {
    return { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  }

  /** What is run on the node meanwhile. */
  async function comeBack(): Promise<readonly string[]> {
    const ran: string[] = [];
    const nodes = world.env.session.nodes.map((one) => ({
      ...one,
      exec: (argv: readonly string[]) => {
        ran.push(argv.join(' '));
        return one.exec(argv);
      },
    }));
    await takeBack({ env: { ...world.env, session: { ...world.env.session, nodes } }, before: undefined }, undo);
    return ran;
  }

  test('does nothing to the one from before', async () => {
    await world.kube.create(node('first'));
    expect(await comeBack()).toEqual([]);
  });

  test('makes one that was deleted again with the addresses for its pods, and its kubelet starts anew', async () => {
    expect(await comeBack()).toEqual(['systemctl restart kubelet']);
    expect(await world.kube.get({ apiVersion: 'v1', kind: 'Node', name: 'lab-worker' })).toMatchObject({
      spec: { podCIDR: '10.244.1.0/24' },
    });
  });

  test('has the kubelet of one that somebody made anew make what hung on the former one', async () => {
    await world.kube.create(node('second'));
    expect(await comeBack()).toEqual(['systemctl restart kubelet']);
  });

  test('says what keeps it away', async () => {
    const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }];
    await world.kube.create(node('first', { taints }));
    await expect(comeBack()).rejects.toMatchObject({
      what: 'waited 90 s for the node lab-worker to come back',
      why: expect.stringContaining('node.kubernetes.io/unreachable:NoExecute'),
    });
  });
});
