import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { packageRoot } from '../../core/index.ts';
import type { Proof, Scenario } from '../../scenarios/define.ts';
import { planRun } from '../../scenarios/find.ts';
import { guideRegistry } from '../../scenarios/guides/registry.ts';
import { registry } from '../../scenarios/registry.ts';

const catalogue = join(packageRoot(), 'scenarios', 'catalogue');
const guides = join(packageRoot(), 'scenarios', 'guides');

const foldersIn = (path: string): readonly string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

const lab = {
  nodes: ['lab-control-plane', 'lab-worker', 'lab-worker2'].map((name) => ({
    name,
    role: name.includes('control') ? ('control-plane' as const) : ('worker' as const),
    addresses: { ipv4: '' },
    exec: () => Promise.reject(new Error('a plan touches no node')),
  })),
};

const headings = (text: string): readonly string[] =>
  [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '');

// One after the other: jest's module loader does not stand imports at the same time that lead to the same package.
const loaded: (readonly [string, Scenario, Proof, string])[] = [];
for (const entry of registry) {
  loaded.push([entry.slug, await entry.scenario(), await entry.proof(), join(catalogue, entry.folder)]);
}

test('every folder of the catalogue is in the registry, and the other way round', () => {
  expect(foldersIn(catalogue)).toEqual(registry.map(({ folder }) => folder).sort());
});

describe.each(loaded)('%s', (_slug, scenario, proof, folder) => {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

  test('is named in the same way everywhere', () => {
    const entry = registry.find(({ id }) => id === scenario.id);
    expect(entry).toMatchObject({ slug: scenario.slug, folder: `${scenario.id.toLowerCase()}-${scenario.slug}` });
    expect(text('task.md').split('\n')[0]).toBe(`# ${scenario.title}`);
    expect(text('solution.md').split('\n')[0]).toBe(`# ${scenario.title}`);
  });

  test('has the texts that a learner looks for, in their order', () => {
    expect(headings(text('task.md'))).toEqual(['Situation', 'Task', 'Constraints']);
    expect(headings(text('solution.md'))).toEqual(['Diagnosis', 'Fix', 'Why', 'Prevention']);
  });

  test('asks in its task for every answer that it grades', () => {
    for (const { key } of scenario.questions) expect(text('task.md')).toContain(`${key}=`);
  });

  test('gives 100 points for checks that are told apart', () => {
    expect(scenario.checks.reduce((sum, { points }) => sum + points, 0)).toBe(100);
    expect(new Set(scenario.checks.map(({ id }) => id)).size).toBe(scenario.checks.length);
  });

  test('observes before it acts', () => {
    const kinds = scenario.checks.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('observing')).toBeLessThan(
      kinds.indexOf('acting') === -1 ? Infinity : kinds.indexOf('acting'),
    );
  });

  test('has three or four hints, and one to four competencies of the curriculum', () => {
    expect(scenario.hints.length).toBeGreaterThanOrEqual(3);
    expect(scenario.hints.length).toBeLessThanOrEqual(4);
    expect(scenario.competencies.length).toBeGreaterThanOrEqual(1);
    expect(scenario.competencies.length).toBeLessThanOrEqual(4);
    for (const competency of scenario.competencies) expect(competency).toMatch(/^C([1-9]|1\d|2[0-7])$/);
  });

  test('has variants that are told apart, at least two of which can be played', () => {
    expect(new Set(scenario.variants.map(({ id }) => id)).size).toBe(scenario.variants.length);
    expect(playable(scenario).length).toBeGreaterThanOrEqual(2);
  });

  test('plans the same run for the same seed, and reaches every playable variant', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(planRun(scenario, lab, { seed })).toEqual(planRun(scenario, lab, { seed }));
      }),
    );
    const reached = new Set(Array.from({ length: 200 }, (_, seed) => planRun(scenario, lab, { seed }).variant));
    expect([...reached].sort()).toEqual([...playable(scenario)].sort());
  });

  test('gives a variant that is asked for the parameters that the seed gives it', () => {
    for (const variant of playable(scenario)) {
      expect(planRun(scenario, lab, { seed: 3, variant })).toMatchObject({ variant, seed: 3 });
    }
  });

  test.each(playable(scenario))('proves variant %s by two fixes and three cheats beside the reference', (variant) => {
    const meant = (play: { readonly variants?: readonly string[] }): boolean =>
      play.variants?.includes(variant) ?? true;
    expect(meant(proof.reference)).toBe(true);
    expect(proof.fixes.filter(meant).length).toBeGreaterThanOrEqual(2);
    expect(proof.cheats.filter(meant).length).toBeGreaterThanOrEqual(3);
  });

  test('has plays with names of their own, for variants that there are, seen by checks that there are', () => {
    const plays = [proof.reference, ...proof.fixes, ...proof.cheats];
    expect(new Set(plays.map(({ name }) => name)).size).toBe(plays.length);
    const variants = scenario.variants.map(({ id }) => id);
    for (const play of plays) for (const variant of play.variants ?? []) expect(variants).toContain(variant);
    const ids = scenario.checks.map(({ id }) => id);
    for (const { seenBy } of proof.cheats) {
      expect(seenBy.length).toBeGreaterThan(0);
      for (const id of seenBy) expect(ids).toContain(id);
    }
  });
});

test('every folder of the guides is in the registry, and the other way round', () => {
  expect(foldersIn(guides)).toEqual(guideRegistry.map(({ slug }) => slug).sort());
});

describe.each(guideRegistry.map((entry) => [entry.slug, entry] as const))('the guide %s', (slug, entry) => {
  const folder = join(guides, slug);

  test('has one text for each step, numbered in their order', async () => {
    const { steps } = await entry.guide();
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .sort();
    expect(steps.map(({ file }) => file)).toEqual(files);
    for (const [index, file] of files.entries()) {
      expect(file).toMatch(new RegExp(`^${String(index + 1).padStart(2, '0')}-[a-z-]+\\.md$`));
    }
  });

  test('begins each text with its title, and uses only words that the guide gives', async () => {
    const guide = await entry.guide();
    const words = Object.keys(guide.words({ session: lab } as unknown as Parameters<typeof guide.words>[0]));
    for (const { file } of guide.steps) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text).toMatch(/^# \S/);
      for (const [, word] of text.matchAll(/\{\{(\w+)\}\}/g)) expect(words).toContain(word);
    }
  });

  test('is named as its folder, and says of each step what has to be so', async () => {
    const guide = await entry.guide();
    expect(guide.slug).toBe(slug);
    for (const { says } of guide.steps) expect(says).not.toBe('');
  });
});

function playable(scenario: Scenario): readonly string[] {
  return scenario.variants.filter(({ unavailable }) => unavailable === undefined).map(({ id }) => id);
}
