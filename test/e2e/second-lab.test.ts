import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execaRunner, packageRoot } from '../../core/index.ts';
import { matrixSchema } from '../../cli/schemas/network.ts';
import { engineGap } from '../support/engine.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const MINUTE_MS = 60_000;

interface Status {
  readonly ready: boolean;
  readonly kubeconfigFile: string;
}

/** Names of containers and networks of a lab, whatever their state. */
async function machinesOf(lab: string): Promise<readonly string[]> {
  const runner = execaRunner();
  const [containers, networks] = await Promise.all([
    runner.run('docker', ['ps', '--all', '--filter', `name=^${lab}-`, '--format', '{{.Names}}']),
    runner.run('docker', ['network', 'ls', '--filter', `name=^kubedrill-${lab}$`, '--format', '{{.Name}}']),
  ]);
  return `${containers.stdout}\n${networks.stdout}`.split('\n').filter((line) => line !== '');
}

describe(`a second lab${gap ?? ''}`, () => {
  const second = 'e2e-second';
  const inSecond = ['--name', second];

  if (gap === undefined)
    afterAll(async () => {
      await kubedrill(['down', ...inSecond]);
    }, MINUTE_MS);

  realTest(
    'lives beside the first: each has its own network, kubeconfig and measurements',
    async () => {
      expect(await kubedrillJson(['up', '--topology', 'single', ...inSecond])).toMatchObject({ ready: true });
      const [one, two] = await Promise.all([
        kubedrillJson<Status>(['status', '--name', E2E_LAB]),
        kubedrillJson<Status>(['status', ...inSecond]),
      ]);
      expect([one.ready, two.ready]).toEqual([true, true]);
      expect(one.kubeconfigFile).not.toBe(two.kubeconfigFile);
      const report = matrixSchema.parse(await kubedrillJson(['net', 'matrix', ...inSecond], [0, 3]));
      expect(report.cells.filter(({ ok, skipped }) => !ok && skipped === undefined)).toEqual([]);
    },
    10 * MINUTE_MS,
  );

  realTest(
    'whose machine was removed by hand is told as broken, and goes away by down, and the first does not mind',
    async () => {
      await execaRunner().run('docker', ['rm', '--force', '--volumes', `${second}-control-plane`]);
      const status = await kubedrill(['status', ...inSecond]);
      expect([status.exitCode, status.stderr]).toEqual([5, expect.stringContaining(`${second}-control-plane`)]);
      const matrix = await kubedrill(['net', 'matrix', ...inSecond]);
      expect([matrix.exitCode, matrix.stderr]).toEqual([5, expect.stringContaining(`kubedrill up --name ${second}`)]);
      expect((await kubedrill(['down', ...inSecond])).exitCode).toBe(0);
      expect(await machinesOf(second)).toEqual([]);
      expect((await kubedrillJson<Status>(['status', '--name', E2E_LAB])).ready).toBe(true);
    },
    5 * MINUTE_MS,
  );
});

describe(`up, cancelled by Ctrl-C while the cluster is made${gap ?? ''}`, () => {
  const lab = 'e2e-cancel';

  realTest(
    'leaves nothing behind, says so, and exits with 130',
    async () => {
      const argv = [join(packageRoot(), 'bin', 'kubedrill.mjs'), 'up', '--name', lab];
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
      const exited = once(child, 'exit');
      let said = '';
      let isCancelled = false;
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (isCancelled || !said.includes('Create the cluster')) return;
        isCancelled = true;
        // The machines are being made by then: half a lab is what has to be cleared away.
        void untilMachine(`${lab}-control-plane`).then(() => child.kill('SIGINT'));
      });
      await exited;
      expect({ exitCode: child.exitCode, said }).toEqual({
        exitCode: 130,
        said: expect.stringContaining(`up of the lab "${lab}" was cancelled\nnothing of it is left`),
      });
      expect(await machinesOf(lab)).toEqual([]);
      const state = process.env['XDG_STATE_HOME'] ?? join(process.env['HOME'] ?? '', '.local', 'state');
      expect(existsSync(join(state, 'kubedrill', lab))).toBe(false);
    },
    5 * MINUTE_MS,
  );
});

async function untilMachine(name: string): Promise<void> {
  while (!(await machinesOf(name.replace(/-control-plane$/, ''))).includes(name))
    await new Promise((resolve) => setTimeout(resolve, 200));
}
