import { silentReporter } from '../../../../core/index.ts';
import { demo } from '../../../../scenarios/verify/demo.ts';
import { verify } from '../../../../scenarios/verify/verify.ts';
import type { RegistryEntry } from '../../../../scenarios/registry.ts';
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

const verifyIn = (of: FakeWorld, options = {}): ReturnType<typeof verify> =>
  verify(of.env, 'S99', options, silentReporter);

describe('a proof', () => {
  test('is right when the fix passes, the cheat fails, and nothing is left', async () => {
    const now = await worldOf();
    const before = now.state();
    const report = await verifyIn(now);
    expect(report).toMatchObject({ scenario: 'S99', ok: true, variant: 'plain', seed: 1 });
    expect(report.rounds.map(({ name, ok }) => [name, ok])).toEqual([
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
      'it did not pass: P1: they are not',
    ],
    [
      'a cheat passes',
      (proof: Proof): Proof => ({ ...proof, cheats: [{ ...proof.reference, name: 'nothing', seenBy: ['P1'] }] }),
      'cheat:nothing',
      'the cheat passed',
    ],
    [
      'a cheat fails, but not by the check that should see it',
      (proof: Proof): Proof => ({
        ...proof,
        cheats: [{ name: 'nothing', says: '', seenBy: ['P2'], run: async () => undefined }],
      }),
      'cheat:nothing',
      'P2 did not see the cheat',
    ],
    [
      'a play breaks down',
      (proof: Proof): Proof => ({
        ...proof,
        reference: { ...proof.reference, run: () => Promise.reject(new Error('kubectl: no such pod')) },
      }),
      'reference',
      'kubectl: no such pod',
    ],
  ])('is wrong when %s', async (_name, change, round, observed) => {
    const report = await verifyIn(await worldOf(change));
    expect(report.ok).toBe(false);
    expect(report.rounds.find(({ name }) => name === round)).toMatchObject({ ok: false, observed });
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
