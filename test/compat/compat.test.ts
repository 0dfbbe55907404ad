import { materialFolder, material } from './material.ts';
import { exemption } from './suite.ts';
import { suites } from './suites.ts';

const folder = materialFolder();
const rows: string[] = [];

if (folder === undefined) {
  const why = 'facts about Falco are not at ../shared/falco-compat, nor where KUBEDRILL_FALCO_COMPAT says';
  process.stderr.write(`\n*** NOT RUN: compatibility with Falco: ${why} ***\n\n`);
  // The reason stands in the title, where the runner finds it.
  test.skip(`compatibility with Falco: ${why}`, () => undefined);
} else {
  const facts = material(folder);
  describe.each(suites)('compatibility with Falco: $name', (suite) => {
    const cases = suite.run(facts);
    const failed = cases.filter((one) => one.problem !== undefined && exemption(suite, one) === undefined);
    const passed = cases.filter(({ problem }) => problem === undefined).length;
    rows.push(`${suite.name.padEnd(34)} ${String(passed).padStart(5)} of ${String(cases.length).padStart(5)}`);
    rows.push(...(suite.remark?.(facts) ?? []).map((remark) => `  ${remark}`));

    test(`${String(suite.passes)} of ${String(suite.of)} cases pass`, () => {
      expect(failed.slice(0, 20)).toEqual([]);
      expect({ passed, of: cases.length }).toEqual({ passed: suite.passes, of: suite.of });
    });

    test('each case that cannot be had is there, and still does not pass', () => {
      const exempt = cases.filter((one) => exemption(suite, one) !== undefined);
      expect(exempt.length).toBeGreaterThanOrEqual(Object.keys(suite.exempt).length);
      expect(exempt.filter(({ problem }) => problem === undefined)).toEqual([]);
    });
  });

  afterAll(() => {
    process.stderr.write(`\nCompatibility with Falco\n${rows.map((row) => `  ${row}\n`).join('')}\n`);
  });
}
