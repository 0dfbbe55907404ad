import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { ExitCode, KubedrillError, RunError, type Runner } from '../../../core/index.ts';
import { buildFolder, unfinished, type BuildDeps, type BuildTool, type Stage } from './stage.ts';

/** What is found out about this machine before a build. */
export interface BuildMachine {
  readonly platform: string;
  /** In the order in which they are to be named. */
  readonly missing: readonly BuildTool[];
  readonly freeBytes: number;
}

interface Remedy {
  readonly problem: string;
  readonly packages: readonly string[];
}

const REMEDIES: Readonly<Record<BuildTool, Remedy>> = {
  go: { problem: 'go is not installed', packages: ['golang-go'] },
  npm: { problem: 'npm is not installed', packages: ['npm'] },
  debootstrap: { problem: 'debootstrap is not installed', packages: ['debootstrap', 'debian-archive-keyring'] },
  tar: { problem: 'tar is not installed', packages: ['tar'] },
  'arm64-emulation': {
    problem: 'this machine runs no arm64 programs',
    packages: ['qemu-user-static', 'binfmt-support'],
  },
  'amd64-emulation': {
    problem: 'this machine runs no amd64 programs',
    packages: ['qemu-user-static', 'binfmt-support'],
  },
  root: { problem: 'it needs root', packages: [] },
};
/** For the images that the engine then holds, beside the stages. */
const ENGINE_BYTES = 4e9;

/** Why the stages that are still to be made cannot be made here, everything at once; undefined when they can. */
export async function whyNotBuildable(stages: readonly Stage[], deps: BuildDeps): Promise<string | undefined> {
  const open = unfinished(stages, deps.paths);
  return open.length === 0 ? undefined : obstacle(open, await lookAt(open, deps));
}

/** Throws (exit code 4) when the stages that are still to be made cannot be made here. */
export async function requireBuildable(what: string, stages: readonly Stage[], deps: BuildDeps): Promise<void> {
  const why = await whyNotBuildable(stages, deps);
  if (why === undefined) return;
  throw new KubedrillError({
    what: `cannot build ${what}`,
    why,
    hint: 'remove these obstacles, or bring a bundle from another machine: kubedrill bundle load FILE',
    exitCode: ExitCode.toolMissing,
  });
}

/** What of a machine stands in the way of stages. */
export function obstacle(open: readonly Stage[], machine: BuildMachine): string | undefined {
  if (machine.platform !== 'linux') return `it needs Linux, this is ${machine.platform}`;
  if (machine.missing.length > 0) {
    const problems = machine.missing.map((tool) => REMEDIES[tool].problem);
    return `${problems.join(', ')} (${remedy(machine.missing)})`;
  }
  const neededBytes = open.reduce((sum, { diskBytes }) => sum + diskBytes, ENGINE_BYTES);
  if (machine.freeBytes >= neededBytes) return undefined;
  return `it needs about ${gigabytes(neededBytes)} of disk space, ${gigabytes(machine.freeBytes)} are free`;
}

function remedy(missing: readonly BuildTool[]): string {
  const packages = [...new Set(missing.flatMap((tool) => REMEDIES[tool].packages))];
  const install = packages.length === 0 ? [] : [`apt-get install ${packages.join(' ')}`];
  const asRoot = missing.includes('root') ? ['run kubedrill image build as root'] : [];
  return [...install, ...asRoot].join(', then ');
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

async function lookAt(open: readonly Stage[], { runner, paths }: BuildDeps): Promise<BuildMachine> {
  const wanted = [...new Set(open.flatMap(({ tools }) => tools))];
  const present = await Promise.all(wanted.map((tool) => isThere(tool, runner)));
  await mkdir(buildFolder(paths), { recursive: true });
  const disk = await statfs(buildFolder(paths));
  return {
    platform: process.platform,
    missing: wanted.filter((_tool, index) => present[index] === false),
    freeBytes: disk.bavail * disk.bsize,
  };
}

async function isThere(tool: BuildTool, runner: Runner): Promise<boolean> {
  switch (tool) {
    case 'root':
      return process.getuid?.() === 0;
    case 'arm64-emulation':
      return existsSync('/proc/sys/fs/binfmt_misc/qemu-aarch64');
    case 'amd64-emulation':
      return existsSync('/proc/sys/fs/binfmt_misc/qemu-x86_64');
    case 'go':
      return runs('go', ['version'], runner);
    case 'npm':
    case 'debootstrap':
    case 'tar':
      return runs(tool, ['--version'], runner);
  }
}

async function runs(program: string, args: readonly string[], runner: Runner): Promise<boolean> {
  try {
    await runner.run(program, args, { timeoutMs: 20_000 });
    return true;
  } catch (error) {
    if (error instanceof RunError && error.facts.notFound) return false;
    throw error;
  }
}
