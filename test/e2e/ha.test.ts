import { readFile } from 'node:fs/promises';
import { matrixSchema } from '../../cli/schemas/network.ts';
import { connectKube, done, execaRunner, notYet, waitFor } from '../../core/index.ts';
import type { LabStatus } from '../../labs/index.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const asked = process.env['KUBEDRILL_E2E_HA'] === '1';
const gap = asked
  ? await engineGap()
  : ' [optional] [skipped: three control planes take two minutes and 4 GiB; KUBEDRILL_E2E_HA=1 runs it]';
const realTest = gap === undefined ? test : test.skip;
const MINUTE_MS = 60_000;
const LAB = ['--name', 'e2e-ha'];

describe(`a lab with three control planes${gap ?? ''}`, () => {
  if (gap === undefined)
    afterAll(async () => {
      await kubedrill(['down', ...LAB]);
    }, 2 * MINUTE_MS);

  realTest(
    'comes up with five nodes behind a load balancer, and every path works',
    async () => {
      const status = await kubedrillJson<LabStatus>(['up', '--topology', 'ha', ...LAB]);
      expect(status.ready).toBe(true);
      expect(status.nodes.map(({ role }) => role)).toEqual([
        ...['control-plane', 'control-plane', 'control-plane'],
        ...['worker', 'worker'],
      ]);
      const report = matrixSchema.parse(await kubedrillJson(['net', 'matrix', ...LAB]));
      expect(report.cells.filter(({ ok, skipped }) => !ok && skipped === undefined)).toEqual([]);
    },
    20 * MINUTE_MS,
  );

  realTest(
    'whose API still answers, by the same address, while one control plane is frozen',
    async () => {
      const runner = execaRunner();
      const { kubeconfigFile } = await kubedrillJson<LabStatus>(['status', ...LAB]);
      const kube = await connectKube({ kubeconfig: await readFile(kubeconfigFile, 'utf8') });
      await runner.run('docker', ['pause', 'e2e-ha-control-plane']);
      try {
        const written = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'written', namespace: 'default' } };
        const look = async () => done(await kube.create(written));
        await waitFor(look, { what: 'a write by the other two', timeoutMs: 2 * MINUTE_MS, intervalMs: 1_000 });
      } finally {
        await runner.run('docker', ['unpause', 'e2e-ha-control-plane']);
      }
      const status = async (): Promise<number> => (await kubedrill(['net', 'matrix', ...LAB])).exitCode;
      await waitFor(async () => ((await status()) === 0 ? done(undefined) : notYet('a path does not work')), {
        what: 'all paths to work again',
        timeoutMs: 3 * MINUTE_MS,
        intervalMs: 2_000,
      });
    },
    5 * MINUTE_MS,
  );

  realTest(
    'goes away by down, its load balancer too',
    async () => {
      await kubedrillJson(['down', ...LAB]);
      const { stdout } = await execaRunner().run('docker', ['ps', '--all', '--quiet', '--filter', 'name=^e2e-ha-']);
      expect(stdout).toBe('');
    },
    3 * MINUTE_MS,
  );
});
