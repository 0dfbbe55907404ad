import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { gradeSchema, stopSchema } from '../../cli/schemas/grade.ts';
import { execaRunner, packageRoot } from '../../core/index.ts';
import { E2E_LAB } from '../support/e2e-lab.ts';
import { engineGap } from '../support/engine.ts';
import { kubedrill, kubedrillJson } from '../support/kubedrill.ts';

const gap = await engineGap();
const realTest = gap === undefined ? test : test.skip;
const inLab = ['--name', E2E_LAB];
const MINUTE_MS = 60_000;

describe(`when something goes wrong in the middle${gap ?? ''}`, () => {
  realTest(
    'the grader’s own shells do not stay in the pods',
    async () => {
      await kubedrillJson(['verify', 'shell-in-container', '--only', 'reference', ...inLab]);
      const onNodes = await Promise.all(['worker', 'worker2'].map((node) => shellsInPods(`${E2E_LAB}-${node}`)));
      expect(onNodes.flat()).toEqual([]);
    },
    5 * MINUTE_MS,
  );

  realTest(
    'a start that is cancelled cleans up, and the next command works',
    async () => {
      const { exitCode, stderr } = await startAndCancel('Waiting for a steady state');
      expect([exitCode, stderr]).toEqual([130, expect.stringContaining('the start was cancelled')]);
      expect((await kubedrill(['stop', ...inLab])).exitCode).toBe(5);
    },
    5 * MINUTE_MS,
  );

  realTest(
    'a second start, a damaged journal and an API server that is away are told in three lines',
    async () => {
      await kubedrillJson(['start', 'kube-proxy-crash', ...inLab]);
      const second = await kubedrill(['start', 'flushed-iptables', ...inLab]);
      expect([second.exitCode, second.stderr]).toEqual([1, expect.stringContaining('kubedrill stop')]);

      await withoutApiServer(async () => {
        const graded = await kubedrill(['grade', ...inLab]);
        expect(graded.exitCode).toBe(1);
        expect(graded.stderr).toContain('the API server does not answer');
      });
      expect(gradeSchema.parse(await kubedrillJson(['grade', ...inLab], [3])).passed).toBe(false);

      damageJournal();
      expect((await kubedrill(['hint', ...inLab])).stderr).toContain('is damaged');
      const stopped = stopSchema.parse(await kubedrillJson(['stop', ...inLab]));
      expect([stopped.residue, stopped.notes]).toEqual([[], [expect.stringContaining('it was left out')]]);
    },
    8 * MINUTE_MS,
  );

  realTest(
    'a stop also puts back nodes that the learner took apart, be it the API server',
    async () => {
      await kubedrillJson(['start', 'flushed-iptables', ...inLab]);
      await onNode('control-plane', 'mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/');
      await onNode(
        'worker',
        'systemctl disable --now kubelet; rm -r /etc/cni/net.d; echo maxPods: 3 >> /var/lib/kubelet/config.yaml',
      );
      await onNode(
        'worker2',
        'echo broken >> /etc/containerd/config.toml; systemctl stop containerd; mknod /dev/video0 c 81 0',
      );
      const stopped = stopSchema.parse(await kubedrillJson(['stop', ...inLab]));
      expect(stopped.residue).toEqual([]);
      await onNode('control-plane', 'rm /root/kube-apiserver.yaml');
      expect((await kubedrill(['net', 'matrix', ...inLab])).exitCode).toBe(0);
    },
    8 * MINUTE_MS,
  );
});

/** A line for the shell of a node of the lab. */
async function onNode(node: string, line: string): Promise<void> {
  await execaRunner().run('docker', ['exec', `${E2E_LAB}-${node}`, 'bash', '-c', line]);
}

/** Shells without a script in the containers of a node. */
async function shellsInPods(node: string): Promise<readonly string[]> {
  const ps = ['exec', node, 'ps', '-ww', '-e', '-o', 'cgroup=', '-o', 'args='];
  const { stdout } = await execaRunner().run('docker', ps);
  return stdout.split('\n').filter((line) => line.includes('kubepods') && /[ /](ba)?sh\s*$/.test(line));
}

/** Starts a challenge and presses Ctrl-C as soon as it says that it is in the stage. */
async function startAndCancel(stage: string): Promise<{ readonly exitCode: number | null; readonly stderr: string }> {
  const argv = [join(packageRoot(), 'bin', 'kubedrill.mjs'), 'start', 'flushed-iptables', ...inLab];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    const wasThere = stderr.includes(stage);
    stderr += chunk.toString();
    if (!wasThere && stderr.includes(stage)) child.kill('SIGINT');
  });
  await exited;
  expect(stderr).toContain(stage);
  return { exitCode: child.exitCode, stderr };
}

/** The kubelet takes static pods away, and brings them back, when their manifest moves. */
async function withoutApiServer(work: () => Promise<void>): Promise<void> {
  const onControlPlane = (...argv: readonly string[]): Promise<unknown> =>
    execaRunner().run('docker', ['exec', `${E2E_LAB}-control-plane`, ...argv]);
  const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
  const probe = ['curl', '--silent', '--insecure', '--fail', '--max-time', '2', 'https://127.0.0.1:6443/readyz'];
  await onControlPlane('mv', manifest, '/root/kube-apiserver.yaml');
  try {
    await until(() =>
      onControlPlane(...probe).then(
        () => false,
        () => true,
      ),
    );
    await work();
  } finally {
    await onControlPlane('mv', '/root/kube-apiserver.yaml', manifest);
    await until(() =>
      onControlPlane(...probe).then(
        () => true,
        () => false,
      ),
    );
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 500));
}

/** Changes one letter in the middle of the open run's journal. */
function damageJournal(): void {
  const state = process.env['XDG_STATE_HOME'] ?? join(process.env['HOME'] ?? '', '.local', 'state');
  const runs = join(state, 'kubedrill', E2E_LAB, 'runs');
  const run = readFileSync(join(runs, 'current'), 'utf8').trim();
  expect(readdirSync(runs)).toContain(run);
  const file = join(runs, run, 'journal.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  lines[4] = (lines[4] ?? '').replace('"kind"', '"kinb"');
  writeFileSync(file, lines.join('\n'));
}
