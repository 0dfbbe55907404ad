import { silentReporter } from '../../../../core/index.ts';
import { planRun } from '../../../../scenarios/find.ts';
import { start } from '../../../../scenarios/runner/start.ts';
import { demo } from '../../../../scenarios/verify/demo.ts';
import { KILLS } from '../../../../scenarios/verify/kills.ts';
import { verify } from '../../../../scenarios/verify/verify.ts';
import type { RegistryEntry } from '../../../../scenarios/registry.ts';
import type { KillCommand, VerifyOptions, VerifyReport } from '../../../../scenarios/verify/types.ts';
import type { Proof } from '../../../../scenarios/define.ts';
import { CONFIG, fakeEntry } from '../support/fake-scenario.ts';
import { fakeWorld, type FakeWorld } from '../support/fake-world.ts';

let world: FakeWorld | undefined;
afterEach(() => world?.remove());

async function worldOf(change: (proof: Proof) => Proof = (proof) => proof): Promise<FakeWorld> {
  const entry = fakeEntry();
  const changed: RegistryEntry = { ...entry, proof: async () => change(await entry.proof()) };
  world = await fakeWorld([changed], [CONFIG]);
  return world;
}

/** The report of the only variant. */
async function verifyIn(of: FakeWorld, options: VerifyOptions = {}): Promise<VerifyReport> {
  const [report] = await verify(of.env, ['S99'], options, silentReporter);
  if (!report) throw new Error('no report');
  return report;
}

const outcomes = ({ rounds }: VerifyReport): readonly unknown[] => rounds.map(({ name, ok }) => [name, ok]);

describe('a proof', () => {
  test('is right when the fix passes, the cheat fails, and nothing is left', async () => {
    const now = await worldOf();
    const before = now.state();
    const report = await verifyIn(now);
    expect(report).toMatchObject({ scenario: 'S99', ok: true, variant: 'plain', seed: 1 });
    expect(outcomes(report)).toEqual([
      ['reference', true],
      ['cheat:nothing', true],
    ]);
    expect(now.state()).toEqual(before);
  });

  test.each([
    [
      'its reference fix does not pass',
      (proof: Proof): Proof => ({ ...proof, reference: { ...proof.reference, run: async () => undefined } }),
      'reference',
      { kind: 'false-fail', says: 'it did not pass: P1: they are not' },
    ],
    [
      'a cheat passes',
      (proof: Proof): Proof => ({ ...proof, cheats: [{ ...proof.reference, name: 'nothing', seenBy: ['P1'] }] }),
      'cheat:nothing',
      { kind: 'false-pass', says: 'the cheat passed' },
    ],
    [
      'a cheat fails, but not by the check that should see it',
      (proof: Proof): Proof => ({
        ...proof,
        cheats: [{ name: 'nothing', says: '', seenBy: ['P2'], run: async () => undefined }],
      }),
      'cheat:nothing',
      { kind: 'blind', says: 'P2 did not see the cheat' },
    ],
    [
      'a play breaks down',
      (proof: Proof): Proof => ({
        ...proof,
        reference: { ...proof.reference, run: () => Promise.reject(new Error('kubectl: no such pod')) },
      }),
      'reference',
      { kind: 'error', says: 'kubectl: no such pod' },
    ],
  ])('is wrong when %s', async (_name, change, round, problem) => {
    const report = await verifyIn(await worldOf(change));
    expect(report.ok).toBe(false);
    expect(report.rounds.find(({ name }) => name === round)).toMatchObject({
      ok: false,
      problems: [problem],
    });
  });

  test('plays only the rounds that are asked for', async () => {
    const report = await verifyIn(await worldOf(), { only: ['cheat:nothing'] });
    expect(report.rounds.map(({ name }) => name)).toEqual(['cheat:nothing']);
  });

  test('goes on where an earlier one was: what passed is not played again', async () => {
    const now = await worldOf();
    await verifyIn(now, { only: ['reference'] });
    const report = await verifyIn(now, { resume: true });
    expect(report.rounds.map(({ name, resumed }) => [name, resumed])).toEqual([
      ['reference', true],
      ['cheat:nothing', false],
    ]);
    expect((await verifyIn(now)).rounds.every(({ resumed }) => !resumed)).toBe(true);
  });
});

describe('a command that is killed', () => {
  const at = (name: string): VerifyOptions => ({ only: [`killed:${name}`] });

  test('leaves what a stop from another process takes back', async () => {
    const now = await worldOf();
    const before = now.state();
    const killed: string[] = [];
    // What a start that is killed leaves: here all of it, since what is left of a part is less.
    const kill: KillCommand = async (argv, { stage }) => {
      killed.push(`${argv[0] ?? ''}: ${stage}`);
      if (argv[0] === 'start') await start(now.env, 'S99', {}, silentReporter);
      return 'killed';
    };
    const report = await verifyIn(now, {
      kill,
      only: KILLS.map(({ command, at: place }) => `killed:${command}:${place}`),
    });
    expect(report).toMatchObject({ ok: true, skipped: [] });
    expect(killed).toEqual(KILLS.map(({ command, stage }) => `${command}: ${stage}`));
    expect(now.state()).toEqual(before);
  });

  test('is a problem when it was over before, or when something is left', async () => {
    const now = await worldOf();
    expect(await verifyIn(now, { ...at('grade:look'), kill: async () => 'ended' })).toMatchObject({
      rounds: [{ problems: [{ kind: 'error', says: expect.stringContaining('was over before "Looking"') }] }],
    });
    const kill: KillCommand = async () => {
      now.rules.get('lab-worker')?.push('a rule of which no journal knows');
      return 'killed';
    };
    expect(await verifyIn(now, { ...at('start:setup'), kill })).toMatchObject({
      rounds: [{ problems: [{ kind: 'residue', says: expect.stringContaining('of which no journal knows') }] }],
    });
  });
});

describe('a proof with a budget', () => {
  test('plays the reference first, and names what does not fit', async () => {
    const now = await worldOf((proof) => ({
      ...proof,
      reference: {
        ...proof.reference,
        run: async (context) => {
          await proof.reference.run(context);
          await now.clock.sleep(30_000);
        },
      },
    }));
    const report = await verifyIn(now, { budgetMs: 60_000 });
    expect(outcomes(report)).toEqual([['reference', true]]);
    expect(report.skipped).toEqual([{ name: 'cheat:nothing', why: expect.stringContaining('1 minutes') }]);
    expect(report.ok).toBe(true);
  });

  test('takes what passed before at no cost', async () => {
    const now = await worldOf();
    await verifyIn(now);
    const report = await verifyIn(now, { budgetMs: 1, resume: true });
    expect([report.rounds.length, report.skipped]).toEqual([2, []]);
  });
});

test('all variants are the whole proof of the default one, and of others what is their own', async () => {
  const entry = fakeEntry();
  const scenario = await entry.scenario();
  const proof = await entry.proof();
  const [cheat] = proof.cheats;
  if (!cheat) throw new Error('the fake has no cheat');
  const twoVariants = { ...scenario, variants: ['plain', 'other'].map((id) => ({ id, title: id })) };
  const { variant: usual } = planRun(twoVariants, { nodes: [] }, {});
  const own = usual === 'plain' ? 'other' : 'plain';
  const changed: RegistryEntry = {
    ...entry,
    scenario: async () => twoVariants,
    proof: async () => ({ ...proof, cheats: [cheat, { ...cheat, name: 'own', variants: [own] }] }),
  };
  world = await fakeWorld([changed], [CONFIG]);
  const reports = await verify(world.env, ['S99'], { variants: 'all' }, silentReporter);
  expect(reports.map(({ variant, rounds }) => [variant, rounds.map(({ name }) => name)])).toEqual([
    [usual, ['reference', 'cheat:nothing']],
    [own, ['reference', 'cheat:own']],
  ]);
});

describe('a demonstration', () => {
  test('plays start, the reference fix, grade and stop', async () => {
    const now = await worldOf();
    expect(await allOf(demo(now.env, undefined, silentReporter))).toMatchObject([
      { scenario: 'S99', grade: { passed: true }, stop: { residue: [] } },
    ]);
  });

  test('that breaks down does not leave the lab broken', async () => {
    const now = await worldOf((proof) => ({
      ...proof,
      reference: { ...proof.reference, run: () => Promise.reject(new Error('no such pod')) },
    }));
    const before = now.state();
    await expect(allOf(demo(now.env, ['S99'], silentReporter))).rejects.toThrow('no such pod');
    expect(now.state()).toEqual(before);
  });
});

async function allOf<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
