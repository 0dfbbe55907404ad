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

  test('of a lab without a picture is refused, with the way to a fresh one', async () => {
    world.fresh = undefined;
    await expect(reset(world.env, silentReporter)).rejects.toMatchObject({
      what: 'the lab "lab" cannot be reset',
      hint: 'kubedrill down --name lab && kubedrill up --name lab',
    });
  });
});
