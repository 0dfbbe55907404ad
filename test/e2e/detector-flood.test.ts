import { floodOf } from '../support/detector-flood.ts';
import { detectorLab } from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';

const gap = (await engineGap()) ?? (process.arch === 'x64' ? undefined : ' [skipped: its program is for x86-64]');
const SECONDS = 3;

describe(`a flood of opens in a pod${gap ?? ''}`, () => {
  (gap === undefined ? test : test.skip)(
    'is survived, and what matters in it is found, or its loss is admitted',
    async () => {
      const { isRunning, lost, needles, found, opensPerSecond } = await floodOf(await detectorLab(E2E_LAB), SECONDS);
      process.stderr.write(
        `a flood of ${opensPerSecond.toFixed(0)} opens a second: ${String(lost)} events lost, ` +
          `${String(found)} of ${String(needles)} opens of /etc/shadow told\n`,
      );
      expect(isRunning).toBe(true);
      expect(found <= needles && (found === needles || lost > 0)).toBe(true);
    },
    300_000,
  );
});
