import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectKube, execaRunner } from '../../core/index.ts';
import { matrixSchema, transitionSchema } from '../../cli/schemas/network.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const TIMEOUT_MS = 60_000;
const inLab = ['--name', E2E_LAB];

interface Status {
  readonly ready: boolean;
  readonly lab: { readonly createdAt: string };
  readonly nodes: readonly { readonly name: string; readonly ready: boolean }[];
  readonly kubeconfigFile: string;
}

describe(`a lab that is up${gap ?? ''}`, () => {
  realTest(
    'shows its three nodes, all Ready',
    async () => {
      const status = await kubedrillJson<Status>(['status', ...inLab]);
      expect(status.ready).toBe(true);
      expect(status.nodes.map(({ name }) => name)).toEqual([
        `${E2E_LAB}-control-plane`,
        `${E2E_LAB}-worker`,
        `${E2E_LAB}-worker2`,
      ]);
      expect(status.nodes.every(({ ready }) => ready)).toBe(true);
    },
    TIMEOUT_MS,
  );

  realTest(
    'stays the same lab when it is brought up again',
    async () => {
      const before = await kubedrillJson<Status>(['status', ...inLab]);
      const again = await kubedrillJson<Status>(['up', ...inLab]);
      expect(again.lab.createdAt).toBe(before.lab.createdAt);
    },
    TIMEOUT_MS,
  );

  realTest(
    'keeps what somebody has written into the detector’s configuration when it is brought up again',
    async () => {
      const { kubeconfigFile } = await kubedrillJson<Status>(['status', ...inLab]);
      const kube = await connectKube({ kubeconfig: readFileSync(kubeconfigFile, 'utf8') });
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'detector-config', namespace: 'kubedrill-system' };
      await kube.patch(ref, 'merge', { data: { 'note.txt': 'mine' } });
      try {
        await kubedrillJson<Status>(['up', ...inLab]);
        expect(await kube.get(ref)).toMatchObject({ data: { 'note.txt': 'mine' } });
      } finally {
        await kube.patch(ref, 'merge', { data: { 'note.txt': null } });
      }
    },
    TIMEOUT_MS,
  );

  realTest(
    'says when it was made by another version of kubedrill, and only then',
    async () => {
      const warning = 'programs of another version of kubedrill';
      expect((await kubedrill(['up', ...inLab])).stderr).not.toContain(warning);
      const { kubeconfigFile } = await kubedrillJson<Status>(['status', ...inLab]);
      const file = join(dirname(kubeconfigFile), 'lab.json');
      const record = readFileSync(file, 'utf8');
      const today = /kubedrill\/toolbox:[0-9a-f]+/.exec(record)?.[0] ?? '';
      const other = 'kubedrill/toolbox:000000000000';
      const docker = execaRunner();
      await docker.run('docker', ['tag', today, other]);
      writeFileSync(file, record.replaceAll(today, other));
      try {
        const { stderr, exitCode } = await kubedrill(['up', ...inLab]);
        expect([exitCode, stderr]).toEqual([0, expect.stringContaining(warning)]);
      } finally {
        writeFileSync(file, record);
        await docker.run('docker', ['rmi', other]);
      }
    },
    TIMEOUT_MS,
  );

  realTest(
    'meets every requirement in a matrix of at least 120 cells, all measured',
    async () => {
      const report = matrixSchema.parse(await kubedrillJson(['net', 'matrix', ...inLab], [0, 3]));
      const failed = report.cells.filter(({ ok, skipped }) => !ok && skipped === undefined);
      expect(failed).toEqual([]);
      expect(report.cells.filter(({ skipped }) => skipped === undefined).length).toBeGreaterThanOrEqual(120);
      expect(Object.keys(report.requirements)).toEqual(expect.arrayContaining(['R1', 'R2', 'R3', 'ingress', 'dns']));
    },
    TIMEOUT_MS,
  );

  realTest(
    'shows each path once at the first look of the meter, and sums up at the end',
    async () => {
      const { stdout, exitCode } = await kubedrill(['net', 'watch', '--seconds', '3', '--json', ...inLab]);
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
      expect(exitCode).toBe(0);
      expect(lines.at(-1)).toHaveProperty('summary');
      const paths = lines.slice(0, -1).map((line) => transitionSchema.parse(line).path);
      expect(new Set(paths).size).toBeGreaterThanOrEqual(8);
    },
    TIMEOUT_MS,
  );

  realTest(
    'refuses names that it does not know with exit code 2 and the nearest ones',
    async () => {
      const node = await kubedrill(['shell', `${E2E_LAB}-worker3`, ...inLab]);
      expect([node.exitCode, node.stderr]).toEqual([2, expect.stringContaining(`${E2E_LAB}-worker2`)]);
      const scenario = await kubedrill(['start', 'S0l', ...inLab]);
      expect([scenario.exitCode, scenario.stderr]).toEqual([2, expect.stringContaining('S01')]);
    },
    TIMEOUT_MS,
  );

  realTest(
    'has no run to grade, hint or stop: exit code 5',
    async () => {
      for (const command of ['grade', 'hint', 'stop']) expect((await kubedrill([command, ...inLab])).exitCode).toBe(5);
    },
    TIMEOUT_MS,
  );
});

describe('a lab that was never up', () => {
  realTest(
    'is exit code 5 and what to do',
    async () => {
      const { exitCode, stderr } = await kubedrill(['status', '--name', 'nobody']);
      expect([exitCode, stderr]).toEqual([5, expect.stringContaining('kubedrill up')]);
    },
    TIMEOUT_MS,
  );
});
