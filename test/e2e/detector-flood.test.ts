import { floodOf, type Flood } from '../support/detector-flood.ts';
import { detectorLab } from '../support/detector-lab.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';

const gap = (await engineGap()) ?? (process.arch === 'x64' ? undefined : ' [skipped: its program is for x86-64]');
const realTest = gap === undefined ? test : test.skip;
const SECONDS = 3;
const TIMEOUT_MS = 300_000;

function tell(path: string, { opensPerSecond, lost, found, needles }: Flood): void {
  process.stderr.write(
    `a flood of ${opensPerSecond.toFixed(0)} opens of ${path} a second: ${String(lost)} events lost, ` +
      `${String(found)} of ${String(needles)} opens of /etc/shadow told\n`,
  );
}

describe(`a flood of opens in a pod${gap ?? ''}`, () => {
  realTest(
    'of a file that no rule asks for does not reach the engine, which finds all that matters in it',
    async () => {
      const flood = await floodOf(await detectorLab(E2E_LAB), {
        pod: 'flood',
        path: '/etc/hostname',
        seconds: SECONDS,
      });
      tell('/etc/hostname', flood);
      expect(flood).toMatchObject({ isRunning: true, lost: 0, found: flood.needles });
    },
    TIMEOUT_MS,
  );

  realTest(
    'that the kernel cannot judge is survived, and what matters in it is found, or its loss is admitted',
    async () => {
      // A path that has to be tidied up; one with dots would raise an alert for each open.
      const path = '/etc//hostname';
      const flood = await floodOf(await detectorLab(E2E_LAB), { pod: 'odd-flood', path, seconds: SECONDS });
      tell(path, flood);
      const { isRunning, found, needles, lost } = flood;
      expect(isRunning).toBe(true);
      expect(found <= needles && (found === needles || lost > 0)).toBe(true);
    },
    TIMEOUT_MS,
  );
});
