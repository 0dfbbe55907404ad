import { registry } from '../../../../scenarios/registry.ts';
import { findEntry } from '../../../../scenarios/find.ts';
import { proofSources } from '../../../../scenarios/verify/sources.ts';

const sources = await proofSources(registry);
const touchedBy = (file: string): readonly string[] =>
  registry.filter((entry) => sources.isTouched(entry, [file])).map(({ id }) => id);
const all = registry.map(({ id }) => id);

describe('what a proof depends on', () => {
  test.each([
    ['its own task', 'scenarios/catalogue/s52-no-endpoints/task.md', ['S52']],
    ['a module of its own that another one imports', 'scenarios/catalogue/s52-no-endpoints/causes.ts', ['S52']],
    ['the grader', 'scenarios/grader/grade.ts', all],
    ['the snapshot that stop compares', 'labs/snapshot/compare.ts', all],
    ['the sensor, which runs in the lab', 'detector/sensor/sensor.bpf.c', all],
  ])('includes %s', (_name, file, challenges) => {
    expect(touchedBy(file)).toEqual(challenges);
  });

  test('includes a shared check only where it is imported', () => {
    const users = touchedBy('scenarios/checks/proxy-rules.ts');
    expect(users).toContain('S02');
    expect(users).not.toContain('S03');
  });

  test.each([
    'docs/architecture.md',
    'cli/commands/verify.ts',
    'scenarios/registry.ts.orig',
    'scenarios/guides/open.ts',
  ])('does not include %s', (file) => expect(touchedBy(file)).toEqual([]));

  test('is known by a hash of its own for each challenge, the same when asked again', async () => {
    const hashes = await Promise.all(registry.map((entry) => sources.hashOf(entry)));
    expect(new Set(hashes).size).toBe(registry.length);
    expect(await (await proofSources([findEntry(registry, 'S01')])).hashOf(findEntry(registry, 'S01'))).toBe(hashes[0]);
  });
});
