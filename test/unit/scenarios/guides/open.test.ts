import { silentReporter } from '../../../../core/index.ts';
import { findGuide } from '../../../../scenarios/guides/registry.ts';
import { openGuideIn } from '../../../../scenarios/guides/open.ts';
import { grade } from '../../../../scenarios/grader/grade.ts';
import { currentRun } from '../../../../scenarios/runner/current.ts';
import { start } from '../../../../scenarios/runner/start.ts';
import { stop } from '../../../../scenarios/runner/stop.ts';
import { CONFIG, fakeEntry } from '../support/fake-scenario.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

const SLUG = 'three-requirements';

let world: FakeWorld;
beforeEach(async () => {
  world = await fakeWorld([fakeEntry()], [CONFIG]);
  const kept = { ok: true, cells: 1, failed: [] };
  const network = {
    ...world.env.network,
    matrix: async () => ({
      apiVersion: 'kubedrill/v1',
      takenAt: '',
      tookMs: 1,
      cells: [],
      requirements: { R1: kept, R2: kept, R3: kept },
    }),
  };
  Object.assign(world, { env: { ...world.env, network } });
});
afterEach(() => world.remove());

const open = (): ReturnType<typeof openGuideIn> => openGuideIn(world.env, SLUG, silentReporter);

describe('a guide', () => {
  test('shows its steps with the lab’s own names in them', async () => {
    const guide = await open();
    const step = await guide.current();
    expect(step).toMatchObject({ number: 1, of: 6, title: 'Three requirements' });
    expect(step?.text).toContain('kubedrill net matrix');
    expect(step).not.toHaveProperty('action');
  });

  test('goes on when a step is verified, and keeps its place for the next process', async () => {
    expect(await (await open()).verify()).toMatchObject({ ok: true });
    const again = await open();
    const step = await again.current();
    expect(step).toMatchObject({ number: 2, action: 'Start the outage meter' });
    expect(step?.text).toContain('lab-worker');
  });

  test('stays where it is as long as a step is not done', async () => {
    const guide = await open();
    await guide.verify();
    expect(await guide.verify()).toMatchObject({ ok: false, observed: 'the meter does not run yet' });
    expect(await guide.current()).toMatchObject({ number: 2 });
  });

  test('does what a step offers, and takes it back when it is closed', async () => {
    const before = world.state();
    const guide = await open();
    await guide.verify();
    await guide.act();
    expect(world.meter).toBe('running');
    expect((await guide.close()).residue).toEqual([]);
    expect(world.state()).toEqual(before);
    expect(await (await open()).current()).toMatchObject({ number: 1 });
  });

  test('is taken back by stop, too', async () => {
    const before = world.state();
    const guide = await open();
    await guide.verify();
    await guide.act();
    expect((await stop(world.env, silentReporter)).residue).toEqual([]);
    expect(world.state()).toEqual(before);
  });

  test('is no challenge: there is nothing to grade, and none can be started beside it', async () => {
    await open();
    expect(await currentRun(world.env)).toBeUndefined();
    await expect(grade(world.env, {}, silentReporter)).rejects.toMatchObject({
      exitCode: 5,
      hint: expect.stringContaining(`kubedrill guide ${SLUG}`),
    });
    await expect(start(world.env, 'S99', {}, silentReporter)).rejects.toMatchObject({ hint: 'kubedrill stop' });
  });

  test('cannot be opened beside a challenge', async () => {
    await start(world.env, 'S99', {}, silentReporter);
    await expect(open()).rejects.toMatchObject({ why: expect.stringContaining('S99'), hint: 'kubedrill stop' });
  });

  test('that there is not is exit code 2 with the nearest name', () => {
    expect(() => findGuide('three-requirement')).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
  });
});
