import { execaRunner } from '../../core/index.ts';
import { stopSchema } from '../../cli/schemas/grade.ts';
import { engineGap } from '../support/engine.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const inLab = ['--name', E2E_LAB];
const guide = ['guide', 'three-requirements'];

interface Checked {
  readonly ok: boolean;
  readonly observed: string;
}

async function check(): Promise<Checked> {
  return kubedrillJson<Checked>([...guide, 'check', ...inLab], [0, 3]);
}

async function act(): Promise<void> {
  const { exitCode, stderr } = await kubedrill([...guide, 'act', ...inLab]);
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
}

/** What the guide's fifth page asks the learner to do. */
async function repair(): Promise<void> {
  const rule = ['FORWARD', '-o', 'eth0', '-m', 'comment', '--comment', 'kubedrill guide', '-j', 'DROP'];
  await execaRunner().run('docker', ['exec', `${E2E_LAB}-worker2`, 'iptables', '-D', ...rule]);
}

describe(`the guided lab, step by step${gap ?? ''}`, () => {
  realTest(
    'takes no step for done before it is, sees each that is, and leaves nothing behind',
    async () => {
      const pages = [(await kubedrill([...guide, ...inLab])).stdout];
      expect(pages[0]).toContain('step 1 of 6');
      expect(await check()).toMatchObject({ ok: true });
      for (const done of [act, act, undefined, repair]) {
        if (done) {
          expect(await check()).toMatchObject({ ok: false });
          await done();
        }
        expect(await check()).toMatchObject({ ok: true });
        pages.push((await kubedrill([...guide, ...inLab])).stdout);
      }
      expect(await check()).toMatchObject({ ok: true, observed: expect.stringMatching(/was out for \d+\.\d s/) });
      expect(new Set(pages).size).toBe(pages.length);
      expect((await kubedrill([...guide, ...inLab])).stdout).toContain('finished');
      expect(stopSchema.parse(await kubedrillJson([...guide, 'close', ...inLab])).residue).toEqual([]);
    },
    300_000,
  );
});
