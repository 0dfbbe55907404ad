import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { silentReporter } from '../../../../core/index.ts';
import { currentRun } from '../../../../scenarios/runner/current.ts';
import { start } from '../../../../scenarios/runner/start.ts';
import { stop } from '../../../../scenarios/runner/stop.ts';
import { CONFIG, fakeEntry } from '../support/fake-scenario.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

let world: FakeWorld;
beforeEach(async () => {
  world = await fakeWorld([fakeEntry()], [CONFIG]);
});
afterEach(() => world.remove());

const begin = (): ReturnType<typeof start> => start(world.env, 'S99', {}, silentReporter);
const end = (): ReturnType<typeof stop> => stop(world.env, silentReporter);

async function journalFile(): Promise<string> {
  const runs = join(world.env.session.folder, 'runs');
  const run =
    (await readdir(runs))
      .filter((name) => name !== 'current')
      .sort()
      .at(-1) ?? '';
  return join(runs, run, 'journal.jsonl');
}

describe('a run', () => {
  test('breaks the lab, shows what to do, and is taken back without residue', async () => {
    const before = world.state();
    const run = await begin();
    expect(run).toMatchObject({ scenario: 'S99', phase: 'learner', variant: 'plain', hintsLeft: 2 });
    expect(run.task).toContain('## Situation');
    expect(world.rules.get('lab-worker')).toEqual([]);
    expect(world.shells).toEqual(new Set(['intruder']));
    expect(await end()).toMatchObject({ scenario: 'S99', residue: [], notes: [] });
    expect(world.state()).toEqual(before);
    expect(await currentRun(world.env)).toBeUndefined();
  });

  test('is seen by the next process', async () => {
    const run = await begin();
    expect(await currentRun(world.env)).toEqual(run);
  });

  test('is the only one of its lab', async () => {
    await begin();
    await expect(begin()).rejects.toMatchObject({
      what: 'a challenge is running in this lab already',
      why: expect.stringContaining('S99'),
      hint: 'kubedrill stop',
    });
  });

  test('cannot be stopped when there is none', async () => {
    await expect(end()).rejects.toMatchObject({ what: 'no challenge is running', exitCode: 5 });
  });

  test('also gives back what the learner left behind', async () => {
    const before = world.state();
    await begin();
    world.rules.get('lab-control-plane')?.push('own rule');
    await world.kube.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine', namespace: 'shop' } });
    await world.kube.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'config', namespace: 'shop' });
    expect((await end()).residue).toEqual([]);
    expect(world.state()).toEqual(before);
  });

  test('is taken back when the learner has taken the API server away with the nodes’ files', async () => {
    const before = world.state();
    await begin();
    world.kube.isUp = false;
    world.isRevivable = true;
    expect((await end()).residue).toEqual([]);
    expect(world.state()).toEqual(before);
  });

  test('reports what could not be given back, and is closed all the same', async () => {
    await world.kube.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'old', namespace: 'shop' } });
    await begin();
    await world.kube.delete({ apiVersion: 'v1', kind: 'Secret', name: 'old', namespace: 'shop' });
    expect((await end()).residue).toMatchObject([{ kind: 'object', object: 'v1/Secret/shop/old', change: 'missing' }]);
    expect(await currentRun(world.env)).toBeUndefined();
  });
});

describe('a start', () => {
  test('waits until the lab is steady, and breaks nothing when it is not', async () => {
    const before = world.state();
    world.failing.add('o.svc');
    await expect(begin()).rejects.toMatchObject({
      what: 'the lab is not in a steady state, so nothing was broken',
      why: expect.stringContaining('o.svc'),
    });
    expect(world.state()).toEqual(before);
    expect(await currentRun(world.env)).toBeUndefined();
  });

  test('that misses its symptom is taken back', async () => {
    await world.remove();
    world = await fakeWorld([fakeEntry({ symptom: ['o.p2p'] })], [CONFIG]);
    const before = world.state();
    await expect(begin()).rejects.toMatchObject({ why: expect.stringContaining('o.p2p still answer') });
    expect(world.state()).toEqual(before);
  });

  test.each([
    ['an unknown challenge', 'fake-chalenge', {}, 'the nearest names are fake-challenge'],
    ['a seed that is none', 'S99', { seed: -1 }, 'a seed is a whole number from 0 up'],
    ['an unknown variant', 'S99', { variant: 'plan' }, 'it has plain, other'],
    ['a variant that this lab cannot have', 'S99', { variant: 'other' }, 'not here'],
  ])('refuses %s with exit code 2', async (_name, id, options, why) => {
    await expect(start(world.env, id, options, silentReporter)).rejects.toMatchObject({ exitCode: 2, why });
    expect(await currentRun(world.env)).toBeUndefined();
  });

  test('refuses a lab of another shape with exit code 2', async () => {
    const env = {
      ...world.env,
      session: { ...world.env.session, lab: { ...world.env.session.lab, topology: 'ha' as const } },
    };
    await expect(start(env, 'S99', {}, silentReporter)).rejects.toMatchObject({
      exitCode: 2,
      why: expect.stringContaining('this lab is ha'),
    });
  });

  test('that fails at any of its steps leaves the lab as it was', async () => {
    const before = JSON.stringify(world.state());
    for (let failAt = 1; failAt <= 3; failAt++) {
      let changes = 0;
      world.onChange = () => {
        if (++changes === failAt) throw new Error('the engine stopped');
      };
      await expect(begin()).rejects.toThrow('the engine stopped');
      world.onChange = () => undefined;
      expect(JSON.stringify(world.state())).toBe(before);
      expect(await currentRun(world.env)).toBeUndefined();
    }
  });
});

describe('a start that was killed', () => {
  /** As after `kill -9`: whatever prefix of the journal is on disk, and the world as it was changed until then or one step further. */
  test('is taken back by the next stop, wherever it was', async () => {
    const before = JSON.stringify(world.state());
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 24 }),
        fc.boolean(),
        fc.boolean(),
        async (kept, cutsTail, lastWasDone) => {
          await begin();
          const file = await journalFile();
          const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
          const all = lines.map((line) => JSON.parse(line) as { readonly kind: string; readonly title?: string });
          const upTo = Math.min(lines.length, kept);
          // What was announced after the cut had not begun: the world must not show it.
          const firstUndone = lastWasDone ? upTo : upTo - 1;
          const titles = all
            .slice(Math.max(0, firstUndone))
            .flatMap(({ kind, title }) => (kind === 'step' ? [title] : []));
          undoInWorld(world, titles);
          await writeFile(
            file,
            lines
              .slice(0, upTo)
              .map((line) => `${line}\n`)
              .join(''),
          );
          if (cutsTail) await appendFile(file, (lines[upTo] ?? '{"apiVersion":').slice(0, 20));
          await end();
          expect(JSON.stringify(world.state())).toBe(before);
          expect(await currentRun(world.env)).toBeUndefined();
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  test('says that a line was cut off', async () => {
    await begin();
    await appendFile(await journalFile(), '{"apiVersion":"kube');
    expect((await end()).notes).toEqual(['the last line of the journal was cut off; it was left out']);
  });
});

describe('a journal that was damaged', () => {
  async function damage(): Promise<void> {
    const file = await journalFile();
    await writeFile(file, (await readFile(file, 'utf8')).replace('flush a node', 'flush b node'));
  }

  test('is refused by everything but stop', async () => {
    await begin();
    await damage();
    await expect(currentRun(world.env)).rejects.toMatchObject({ hint: expect.stringContaining('kubedrill stop') });
    await expect(begin()).rejects.toThrow('is damaged');
  });

  test('does not keep stop from giving everything back by the picture, and stop says so', async () => {
    const before = world.state();
    await begin();
    await damage();
    const { residue, notes } = await end();
    expect(residue).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('is damaged (its checksum does not match); it was left out')]);
    expect(world.state()).toEqual(before);
  });
});

test('a stop that cannot take everything back leaves the run open, and the next one ends it', async () => {
  const before = world.state();
  await begin();
  world.kube.isUp = false;
  await expect(end()).rejects.toMatchObject({
    what: 'not everything could be taken back; the run stays open',
    why: expect.stringContaining('create an object'),
  });
  world.kube.isUp = true;
  expect(await currentRun(world.env)).toMatchObject({ phase: 'stopping' });
  expect((await end()).residue).toEqual([]);
  expect(world.state()).toEqual(before);
});

/** Takes steps out of the fake world by hand, as if they had never been done. */
function undoInWorld({ kube, rules, shells, ...rest }: FakeWorld, titles: readonly (string | undefined)[]): void {
  for (const title of titles) {
    if (title === 'create an object') kube.objects.delete('v1/Service/shop/late');
    if (title === 'change an object') kube.objects.set('v1/ConfigMap/shop/config', CONFIG);
    if (title === 'flush a node') rules.set('lab-worker', ['rule of lab-worker']);
    if (title === 'hold a session') shells.clear();
    if (title === 'start the outage meter') void rest.env.network.stopMeter();
  }
}
