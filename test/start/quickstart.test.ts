import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gradeSchema } from '../../cli/schemas/grade.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;

describe('npm start without a terminal', () => {
  realTest(
    `brings a lab up, plays the three challenges, writes the grades, and takes the lab down${gap ?? ''}`,
    async () => {
      // A test that was cut may have left it, in the middle of a challenge.
      await kubedrill(['down', '--name', 'e2e-start']);
      const folder = mkdtempSync(join(tmpdir(), 'kubedrill-start-'));
      const { exitCode, stdout, stderr } = await kubedrill(['quickstart', '--name', 'e2e-start'], {
        cwd: folder,
        timeoutMs: 1_500_000,
      });
      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr.slice(-4000) + stdout.slice(-4000) }).toEqual({
        exitCode: 0,
        stderr: '',
      });
      expect(stdout).toContain('3 of 3 challenges passed');
      const files = readdirSync(join(folder, 'results')).sort();
      expect(files.map((file) => file.slice(0, 3))).toEqual(['S01', 'S02', 'S03']);
      for (const file of files) {
        const { residue, ...grade } = JSON.parse(readFileSync(join(folder, 'results', file), 'utf8')) as {
          readonly residue: readonly unknown[];
        };
        expect(residue).toEqual([]);
        expect(gradeSchema.parse(grade).passed).toBe(true);
      }
      expect((await kubedrill(['status', '--name', 'e2e-start'])).exitCode).toBe(5);
    },
    1_600_000,
  );
});
