import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, KubeObject, NodeHandle } from '../../../../core/index.ts';
import type { FreshPicture, LabSnapshot, Residue, Session } from '../../../../labs/index.ts';
import type { MeterReading } from '../../../../network/index.ts';
import type { RegistryEntry } from '../../../../scenarios/registry.ts';
import type { DetectorReading, RunEnvironment } from '../../../../scenarios/ports.ts';
import { fakeKube, type FakeKube } from './fake-kube.ts';

/** A lab of two nodes made of plain objects: rules per node, API objects, a meter, held sessions. */
export interface FakeWorld {
  readonly env: RunEnvironment;
  readonly kube: FakeKube;
  /** Lines of the one table that each node has. */
  readonly rules: Map<string, string[]>;
  readonly shells: Set<string>;
  readonly clock: FakeClock;
  meter: 'running' | 'stopped';
  /** Whether the API server is away because of the nodes' configuration. */
  isRevivable: boolean;
  /** The picture of the lab from when it came up. */
  fresh: FreshPicture;
  /** Changes when the cluster's data is lost and begun anew. */
  clusterId: string;
  /** What does not work yet. */
  unready: string;
  /** Paths that fail. */
  readonly failing: Set<string>;
  reading: DetectorReading;
  /** Called before anything changes the world; a test throws from it to stop a run at that point. */
  onChange: () => void;
  /** Everything that a run could leave behind, for comparison. */
  state(): unknown;
  remove(): Promise<void>;
}

export interface FakeClock extends Clock {
  ms: number;
}

export const NODES = ['lab-control-plane', 'lab-worker'];

export async function fakeWorld(
  catalogue: readonly RegistryEntry[],
  objects: readonly KubeObject[] = [],
): Promise<FakeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-run-'));
  const kube = fakeKube(objects);
  const clock = fakeClock();
  const rules = new Map(NODES.map((node) => [node, [`rule of ${node}`]]));
  const world: FakeWorld = {
    kube,
    clock,
    rules,
    shells: new Set(),
    meter: 'stopped',
    isRevivable: false,
    fresh: { kind: 'none', why: 'there is none yet' },
    clusterId: 'first',
    unready: '',
    failing: new Set(),
    reading: { alerts: [], drops: 0, losses: [], gaps: [], excuses: [], rulesets: {}, sources: {} },
    onChange: () => undefined,
    state: () => ({
      rules: [...rules].map(([node, lines]) => [node, [...lines]]),
      objects: [...kube.objects].map(([key, object]) => [key, withoutVersion(object)]),
      shells: [...world.shells],
      meter: world.meter,
    }),
    remove: () => rm(folder, { recursive: true }),
    env: undefined as unknown as RunEnvironment,
  };
  world.fresh = { kind: 'taken', snapshot: snapshotOf(world), clusterId: world.clusterId };
  const session = sessionOf(world, folder);
  return Object.assign(world, { env: environmentOver(world, session, catalogue) });
}

function sessionOf(world: FakeWorld, folder: string): Session {
  const nodes = NODES.map((name): NodeHandle => ({
    name,
    role: name.includes('control') ? 'control-plane' : 'worker',
    addresses: { ipv4: '10.0.0.1' },
    exec: async (argv) => {
      world.onChange();
      const [command, text = ''] = argv;
      if (command === 'flush') world.rules.set(name, []);
      if (command === 'add') world.rules.get(name)?.push(text);
      return { stdout: '', stderr: '', exitCode: 0 };
    },
  }));
  return {
    nodes,
    folder,
    kube: world.kube,
    clock: world.clock,
    paths: { state: folder, cache: folder },
    lab: {
      name: 'lab',
      topology: 'std',
      addons: 'std',
      kubernetesVersion: 'v1.35.4',
      images: { node: 'node:1', toolbox: 'toolbox:1' },
    },
  } as unknown as Session;
}

function environmentOver(world: FakeWorld, session: Session, catalogue: readonly RegistryEntry[]): RunEnvironment {
  let locked = '';
  const env: RunEnvironment = {
    session,
    catalogue,
    labs: {
      withLock: async (purpose, work) => {
        if (locked !== '') throw new Error(`${locked} holds the lab`);
        locked = purpose;
        try {
          return await work();
        } finally {
          locked = '';
        }
      },
      takeSnapshot: async () => snapshotOf(world),
      freshPicture: async () => world.fresh,
      clusterId: async () => {
        if (!world.kube.isUp) throw new Error('the API server is away');
        return world.clusterId;
      },
      unready: async () => world.unready,
      compareSnapshots,
      foreignPods: () => [],
      restoreNode: async (node, before) => {
        const picture = before.nodes.find((one) => one.node === node);
        world.rules.set(node, [...(picture?.tables['rules'] ?? [])]);
      },
      reviveNodes: async () => {
        world.kube.isUp ||= world.isRevivable;
      },
      holdShell: async ({ id }) => {
        world.onChange();
        world.shells.add(id);
        return { id, kind: 'shell', state: 'open', output: '' };
      },
      shells: async () => [...world.shells].map((id) => ({ id, kind: 'shell', state: 'open', output: '' })),
      typeInto: async () => undefined,
      endShell: async (id) => {
        world.shells.delete(id);
      },
      afresh: async () => env,
      prepareGrader: async () => undefined,
      asGrader: async () => env,
      kubeAs: async () => world.kube,
    },
    network: {
      matrix: async () => ({
        apiVersion: 'kubedrill/v1',
        takenAt: '',
        tookMs: 1,
        cells: [],
        requirements: { R1: { ok: true, cells: 1, failed: [] } },
      }),
      standardPaths: async () => [],
      startMeter: async () => {
        world.onChange();
        world.meter = 'running';
      },
      readMeter: async () => ['o.svc', 'o.p2p'].map((path) => readingOf(world, path)),
      ruleDifferences: async () => [],
      stopMeter: async () => {
        world.meter = 'stopped';
      },
    },
    detector: { read: async () => world.reading },
  };
  return env;
}

/** Twenty probes a second since the beginning; a failing path has failed all the time. */
function readingOf({ failing, clock, meter }: FakeWorld, path: string): MeterReading {
  const probes = meter === 'running' ? Math.floor(clock.ms / 50) : 0;
  const isDown = failing.has(path);
  return {
    path,
    probes,
    failures: isDown ? probes : 0,
    missedTicks: 0,
    outages: isDown
      ? [{ path, firstFailure: clock.ms - 1000, lastFailure: clock.ms, outageMs: 1000, open: true, error: 'timeout' }]
      : [],
    totalOutageMs: isDown ? 1000 : 0,
    lastOk: probes > 0 && !isDown,
  };
}

function snapshotOf({ rules, kube }: FakeWorld): LabSnapshot {
  if (!kube.isUp) throw new Error('the API server is away');
  return {
    apiVersion: 'kubedrill/v1',
    takenAt: '',
    nodes: [...rules].map(([node, lines]) => ({ node, tables: { rules: [...lines] }, raw: {} })),
    objects: Object.fromEntries(
      [...kube.objects].map(([key, object]) => [key, JSON.stringify(withoutVersion(object))]),
    ),
  };
}

function compareSnapshots(before: LabSnapshot, after: LabSnapshot): readonly Residue[] {
  const lines = (snapshot: LabSnapshot): readonly (readonly [string, string])[] =>
    snapshot.nodes.flatMap(({ node, tables }) => (tables['rules'] ?? []).map((line) => [node, line] as const));
  const has = (snapshot: LabSnapshot, [node, line]: readonly [string, string]): boolean =>
    lines(snapshot).some(([otherNode, otherLine]) => node === otherNode && line === otherLine);
  const rule = ([node, line]: readonly [string, string], change: 'added' | 'missing'): Residue => ({
    kind: 'node',
    node,
    table: 'rules',
    line,
    change,
  });
  const keys = [...new Set([...Object.keys(before.objects), ...Object.keys(after.objects)])];
  const objects = keys.flatMap((object): readonly Residue[] => {
    const [old, now] = [before.objects[object], after.objects[object]];
    if (old === now) return [];
    const change = old === undefined ? 'added' : now === undefined ? 'missing' : 'changed';
    return [{ kind: 'object', object, change, detail: '' }];
  });
  return [
    ...lines(before)
      .filter((one) => !has(after, one))
      .map((one) => rule(one, 'missing')),
    ...lines(after)
      .filter((one) => !has(before, one))
      .map((one) => rule(one, 'added')),
    ...objects,
  ];
}

function withoutVersion(object: KubeObject): KubeObject {
  const { name, namespace } = object.metadata;
  return { ...object, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}

/** Time that passes only when somebody waits. */
function fakeClock(): FakeClock {
  const clock: FakeClock = {
    ms: 1_000_000,
    monotonicNs: () => BigInt(clock.ms) * 1_000_000n,
    // Two runs are never begun in the same millisecond.
    now: () => new Date(1_700_000_000_000 + ++clock.ms),
    sleep: async (ms) => {
      clock.ms += Math.max(1, Math.ceil(ms));
    },
  };
  return clock;
}
