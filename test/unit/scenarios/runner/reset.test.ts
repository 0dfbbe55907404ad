import { silentReporter } from '../../../../core/index.ts';
import { currentRun } from '../../../../scenarios/runner/current.ts';
import { reset } from '../../../../scenarios/runner/reset.ts';
import { start } from '../../../../scenarios/runner/start.ts';
import { CONFIG, fakeEntry } from '../support/fake-scenario.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

let world: FakeWorld;
beforeEach(async () => {
  world = await fakeWorld([fakeEntry()], [CONFIG]);
});
afterEach(() => world.remove());

describe('a reset', () => {
  test('takes back what somebody did without any challenge: rules, changed, new and deleted objects', async () => {
    const before = world.state();
    world.rules.set('lab-worker', ['a rule of their own']);
    await world.kube.create({ ...CONFIG, metadata: { ...CONFIG.metadata, name: 'new' } });
    await world.kube.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'config', namespace: 'shop' });
    expect(await reset(world.env, silentReporter)).toMatchObject({ lab: 'lab', residue: [] });
    expect(world.state()).toEqual(before);
  });

  test('ends a challenge that is running, and says which', async () => {
    await start(world.env, 'S99', {}, silentReporter);
    expect(await reset(world.env, silentReporter)).toMatchObject({ stopped: 'S99', residue: [] });
    expect(await currentRun(world.env)).toBeUndefined();
  });

  test('goes back to the fresh lab, not to how it was before a challenge', async () => {
    const fresh = world.state();
    world.rules.set('lab-worker', ['a rule of their own']);
    await start(world.env, 'S99', {}, silentReporter);
    await reset(world.env, silentReporter);
    expect(world.state()).toEqual(fresh);
  });

  test('lets go of an object that a finalizer keeps', async () => {
    const before = world.state();
    const kept = { name: 'kept', namespace: 'shop', finalizers: ['nobody.example/never'], deletionTimestamp: 'then' };
    await world.kube.create({ ...CONFIG, metadata: kept });
    const asked: unknown[] = [];
    const remove = world.kube.delete.bind(world.kube);
    world.kube.delete = async (ref) => {
      if (asked.length > 0) await remove(ref);
    };
    world.kube.patch = async (ref, _kind, body) => {
      asked.push(body);
      await remove(ref);
      return CONFIG;
    };
    expect(await reset(world.env, silentReporter)).toMatchObject({ residue: [] });
    expect(asked).toEqual([{ metadata: { finalizers: null } }]);
    expect(world.state()).toEqual(before);
  });

  test('goes on where a challenge cannot be taken back, and says what could not', async () => {
    await start(world.env, 'S99', {}, silentReporter);
    const env = { ...world.env, labs: { ...world.env.labs, endShell: () => Promise.reject(new Error('no keeper')) } };
    const { residue, notes } = await reset(env, silentReporter);
    expect({ residue, notes }).toMatchObject({ residue: [], notes: [expect.stringContaining('no keeper')] });
    expect(await currentRun(world.env)).toBeUndefined();
  });

  test('says what does not work although all is as it was', async () => {
    world.unready = 'node lab-worker is Ready: Ready=Unknown';
    expect(await reset(world.env, silentReporter)).toMatchObject({
      residue: [],
      unready: expect.stringContaining(world.unready) as string,
    });
  });

  test.each<[string, (world: FakeWorld) => void, string]>([
    [
      'without a picture',
      (lab) => {
        lab.fresh = { kind: 'none', why: 'no picture of it was taken' };
      },
      'no picture of it was taken',
    ],
    [
      'whose API server does not come back',
      (lab) => {
        lab.kube.isUp = false;
      },
      'the API server is away',
    ],
    [
      'whose data is gone',
      (lab) => {
        lab.clusterId = 'second';
      },
      'the data of its cluster is gone: the API server serves another one',
    ],
  ])('of a lab %s is refused, with the way to a fresh one', async (_which, spoil, why) => {
    spoil(world);
    await expect(reset(world.env, silentReporter)).rejects.toMatchObject({
      what: 'the lab "lab" cannot be reset',
      why,
      hint: 'kubedrill down --name lab && kubedrill up --name lab',
    });
  });
});
