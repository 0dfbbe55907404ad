import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { readFile, readdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../../core/index.ts';
import type { AptFacts } from '../engine/apt-plan.ts';
import type { AptFile } from '../engine/apt-sources.ts';
import { engineState, type EngineState } from '../engine/facts.ts';
import { memoryFrom, type MachineMemory } from '../engine/memory.ts';
import { parseOsRelease } from '../engine/os-release.ts';
import { privilegedFailure } from '../engine/privileged-probe.ts';
import { poolFacts, type PoolFacts } from '../pool/facts.ts';
import { capabilityMask } from '../provider/host-traits.ts';
import type { LabDeps } from '../session.ts';
import { DEFAULT_KIND } from '../tools/index.ts';
import { versionOf } from '../tools/tool.ts';
import { guardFacts, type GuardFacts } from './guards.ts';
import { imageFacts, type ImageFacts } from './images.ts';

/** Everything that the checks look at, gathered once; the checks themselves only judge. */
export interface Machine {
  readonly platform: string;
  readonly nodeVersion: string;
  readonly apt: AptFacts;
  readonly hasSystemd: boolean;
  readonly engine: EngineState;
  /** dockerd is installed, whether it runs or not. */
  readonly hasEngineServer: boolean;
  /** Why privileged containers do not start; undefined when they do, or when there is no engine to ask. */
  readonly privilegedFailure: string | undefined;
  readonly tools: Readonly<Record<'kind' | 'kubectl' | 'go' | 'debootstrap', string | undefined>>;
  readonly images: ImageFacts;
  /** Bounding set of the first process, as a bit mask; undefined where /proc does not tell. */
  readonly capabilities: bigint | undefined;
  readonly inotifyInstances: number | undefined;
  readonly memory: MachineMemory;
  readonly disks: readonly { readonly what: 'engine' | 'cache'; readonly path: string; readonly freeBytes: number }[];
  readonly hasBtf: boolean;
  /** Why no port of the loopback address could be opened. */
  readonly loopbackFailure: string | undefined;
  readonly guards: readonly GuardFacts[];
  /** Undefined when there is none. */
  readonly pool: PoolFacts | undefined;
}

/** Looks at this machine. Never fails for what it finds: what cannot be found out is undefined. */
export async function lookAtMachine(deps: LabDeps, kubernetesVersion: string | undefined): Promise<Machine> {
  const { runner, paths, signal } = deps;
  const engine = await engineState(runner, signal);
  const isReady = engine.kind === 'ready';
  const [apt, tools, status, inotify, memory, disks, loopbackFailure, probe, images, guards, pool] = await Promise.all([
    aptFacts(),
    toolVersions(deps),
    readText('/proc/1/status'),
    readText('/proc/sys/fs/inotify/max_user_instances'),
    readText('/proc/meminfo'),
    diskFacts(engine, paths.cache),
    tryLoopback(),
    isReady ? privilegedFailure(runner, engine.facts.architecture, signal) : undefined,
    imageFacts(deps, engine, kubernetesVersion),
    isReady ? guardFacts(deps) : [],
    poolFacts(paths).catch(() => undefined),
  ]);
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    apt,
    hasSystemd: existsSync('/run/systemd/system'),
    engine,
    hasEngineServer: ['/usr/sbin/dockerd', '/usr/bin/dockerd', '/usr/local/bin/dockerd'].some((path) =>
      existsSync(path),
    ),
    privilegedFailure: probe,
    tools,
    images,
    capabilities: capabilityMask(status ?? ''),
    inotifyInstances: inotify === undefined ? undefined : Number(inotify),
    memory: memoryFrom(memory ?? ''),
    disks,
    hasBtf: existsSync('/sys/kernel/btf/vmlinux'),
    loopbackFailure,
    guards,
    pool,
  };
}

/** What apt on this machine can be asked for. */
export async function aptFacts(): Promise<AptFacts> {
  return {
    os: parseOsRelease((await readText('/etc/os-release')) ?? ''),
    isRoot: process.getuid?.() === 0,
    hasApt: existsSync('/usr/bin/apt-get'),
    aptFiles: await readAptFiles(),
  };
}

async function readAptFiles(): Promise<readonly AptFile[]> {
  const folder = '/etc/apt/sources.list.d';
  const names = await readdir(folder).catch(() => [] as readonly string[]);
  const wanted = names.filter((name) => /\.(sources|list)$/.test(name)).map((name) => join(folder, name));
  const files = await Promise.all(
    ['/etc/apt/sources.list', ...wanted].map(async (path) => ({ path, text: (await readText(path)) ?? '' })),
  );
  return files.filter(({ text }) => text !== '');
}

async function toolVersions({ runner, paths }: LabDeps): Promise<Machine['tools']> {
  const cachedKind = join(paths.cache, 'tools', `kind-v${DEFAULT_KIND}`, 'kind');
  const [kind, ownKind, kubectl, go, debootstrap] = await Promise.all([
    versionOf('kind', ['--version'], runner),
    versionOf(cachedKind, ['--version'], runner),
    versionOf('kubectl', ['version', '--client'], runner),
    versionOf('go', ['version'], runner),
    existsSync('/usr/sbin/debootstrap') ? versionOf('/usr/sbin/debootstrap', ['--version'], runner) : undefined,
  ]);
  return { kind: kind ?? ownKind, kubectl, go, debootstrap };
}

async function diskFacts(engine: EngineState, cache: string): Promise<Machine['disks']> {
  const places = [
    { what: 'cache' as const, path: cache },
    ...(engine.kind === 'ready' && engine.facts.place === 'host'
      ? [{ what: 'engine' as const, path: engine.facts.rootFolder }]
      : []),
  ];
  const disks = await Promise.all(places.map(async (place) => ({ ...place, freeBytes: await freeBytes(place.path) })));
  return disks.flatMap(({ freeBytes: free, ...place }) => (free === undefined ? [] : [{ ...place, freeBytes: free }]));
}

/** Of the file system that the folder is or would be on. */
async function freeBytes(path: string): Promise<number | undefined> {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function tryLoopback(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(messageOf(error)));
    server.listen(0, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
