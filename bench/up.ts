import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, execaRunner, notYet, pathsFrom, silentReporter, systemClock, waitFor } from '../core/index.ts';
import { down, obtainLabImages, up, type LabDeps, type Session } from '../labs/index.ts';
import { engineState } from '../labs/engine/facts.ts';
import { architectureFrom, obtainNodeImage } from '../labs/images/index.ts';
import { kubernetesRelease } from '../labs/images/versions.ts';
import { hostTraits } from '../labs/provider/host-traits.ts';
import { kindConfig } from '../labs/provider/kind-config.ts';
import { topologyOf } from '../labs/provider/topology.ts';
import { obtainKind } from '../labs/tools/index.ts';
import { measureMatrix } from '../network/index.ts';
import { timedMs, type Bench, type BenchIo } from './lib.ts';

const BARE = 'bench-bare';
const LAB = 'bench-up';

/** In turn, since a machine's speed changes by the minute; the ratio that counts is the one in the middle. */
const ROUNDS = 3;

/** `up` until the whole matrix is green, beside bare `kind create cluster --wait` with the same base image. */
const bench: Bench = {
  says: `${String(ROUNDS)} times bare kind, then kubedrill up, each one control plane and two workers, all images cached`,
  run: async (io) => {
    const { env } = process;
    const deps = { runner: execaRunner(), paths: pathsFrom(env), clock: systemClock, reporter: silentReporter, env };
    await obtainLabImages(deps);
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const bareMs = await bareKind(deps, io);
      rounds.push({ bareMs, ...(await labUp(deps, io)) });
    }
    const middle = rounds.toSorted((a, b) => ratioOf(a) - ratioOf(b))[Math.floor(ROUNDS / 2)];
    if (middle === undefined) throw new Error('no rounds');
    return [
      { name: 'bare kind create cluster --wait', value: middle.bareMs / 1000, unit: 's' },
      { name: 'up, std add-ons ready', value: middle.upMs / 1000, unit: 's' },
      { name: 'up, matrix all green', value: middle.greenMs / 1000, unit: 's' },
      { name: 'up with a green matrix over bare kind', value: ratioOf(middle), unit: 'x', atMost: 1.6 },
    ];
  },
};

export default bench;

interface Round {
  readonly bareMs: number;
  readonly upMs: number;
  readonly greenMs: number;
}

function ratioOf({ greenMs, bareMs }: Round): number {
  return greenMs / bareMs;
}

async function bareKind(deps: LabDeps, io: BenchIo): Promise<number> {
  const arch = architectureFrom(process.env, process.arch);
  const [kind, base, engine] = [
    await obtainKind(deps),
    await obtainNodeImage({ ...deps, release: kubernetesRelease(), arch }),
    await engineState(deps.runner),
  ];
  if (engine.kind !== 'ready') throw new Error(`no container engine: ${engine.why}`);
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const config = JSON.stringify(bareConfig(base.reference, await hostTraits(engine.facts)));
  const create = ['create', 'cluster', '--name', BARE, '--config', '-', '--kubeconfig', kubeconfig, '--wait', '300s'];
  try {
    const tookMs = await timedMs(() => deps.runner.run(kind.path, create, { input: config }));
    io.say(`bare kind: ${(tookMs / 1000).toFixed(1)} s`);
    return tookMs;
  } finally {
    await deps.runner.run(kind.path, ['delete', 'cluster', '--name', BARE, '--kubeconfig', kubeconfig]);
    await rm(folder, { recursive: true });
  }
}

/** What this machine's kubelets need, and nothing of a lab: no audit log, no mounts, no published ports. */
function bareConfig(nodeImage: string, host: Awaited<ReturnType<typeof hostTraits>>): object {
  const topology = topologyOf('std');
  const lab = kindConfig({
    lab: BARE,
    topology,
    nodeImage,
    host,
    frontDoor: 'none',
    cni: 'default',
    audit: 'log',
    controlPlaneConfigFolder: '',
  });
  const { kubeadmConfigPatches } = lab as { readonly kubeadmConfigPatches: readonly string[] };
  return {
    ...lab,
    nodes: ['control-plane', 'worker', 'worker'].map((role) => ({ role, image: nodeImage })),
    kubeadmConfigPatches: kubeadmConfigPatches.filter((patch) => patch.includes('KubeletConfiguration')),
  };
}

async function labUp(deps: LabDeps, io: BenchIo): Promise<Omit<Round, 'bareMs'>> {
  try {
    let session: Session | undefined;
    const upMs = await timedMs(async () => (session = await up(deps, { name: LAB })));
    io.say(`up: ${(upMs / 1000).toFixed(1)} s`);
    const matrixMs = await timedMs(() => untilGreen(session));
    return { upMs, greenMs: upMs + matrixMs };
  } finally {
    await down(deps, LAB);
  }
}

async function untilGreen(session: Session | undefined): Promise<void> {
  if (session === undefined) throw new Error('up gave no lab');
  await waitFor(
    async () => {
      const { cells } = await measureMatrix(session);
      const failed = cells.filter(({ ok, skipped }) => !ok && skipped === undefined);
      return failed.length === 0 ? done(undefined) : notYet(`${String(failed.length)} cells failed`);
    },
    { what: 'a green matrix', timeoutMs: 120_000 },
  );
}
