import { statfs, mkdir } from 'node:fs/promises';
import { ExitCode, KubedrillError, RunError, type Runner } from '../../../core/index.ts';
import { buildFolder, unfinished, type BuildDeps, type BuildTool, type Stage } from './stage.ts';

/** What is found out about this machine before a build. */
export interface BuildMachine {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly missing: readonly Exclude<BuildTool, 'root'>[];
  readonly freeBytes: number;
}

const PROBES: Readonly<Record<Exclude<BuildTool, 'root'>, readonly string[]>> = {
  go: ['version'],
  debootstrap: ['--version'],
  tar: ['--version'],
};
const PACKAGES: Readonly<Record<Exclude<BuildTool, 'root'>, string>> = {
  go: 'golang-go',
  debootstrap: 'debootstrap debian-archive-keyring',
  tar: 'tar',
};
/** For the images that the engine then holds, beside the stages. */
const ENGINE_BYTES = 4e9;

/** Why the stages that are still to be made cannot be made here, everything at once; undefined when they can. */
export async function whyNotBuildable(stages: readonly Stage[], deps: BuildDeps): Promise<string | undefined> {
  const open = unfinished(stages, deps.paths);
  return obstacle(open, await lookAt(open, deps));
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

/** The same, judged from what was found out. */
export function obstacle(open: readonly Stage[], machine: BuildMachine): string | undefined {
  if (open.length === 0) return undefined;
  if (machine.platform !== 'linux') return `it needs Linux, this is ${machine.platform}`;
  const needsRoot = open.some(({ tools }) => tools.includes('root')) && !machine.isRoot;
  const problems = [
    ...machine.missing.map((tool) => `${tool} is not installed`),
    ...(needsRoot ? ['it needs root'] : []),
  ];
  if (problems.length > 0) return `${problems.join(', ')}${remedy(machine, needsRoot)}`;
  const neededBytes = open.reduce((sum, { diskBytes }) => sum + diskBytes, ENGINE_BYTES);
  if (machine.freeBytes < neededBytes) {
    return `it needs about ${gigabytes(neededBytes)} of disk space, ${gigabytes(machine.freeBytes)} are free`;
  }
  return undefined;
}

function remedy({ missing }: BuildMachine, needsRoot: boolean): string {
  const install = missing.length === 0 ? [] : [`apt-get install ${missing.map((tool) => PACKAGES[tool]).join(' ')}`];
  const again = needsRoot ? ['run kubedrill image build as root'] : [];
  return ` (${[...install, ...again].join(', then ')})`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

async function lookAt(open: readonly Stage[], { runner, paths }: BuildDeps): Promise<BuildMachine> {
  const wanted = [...new Set(open.flatMap(({ tools }) => tools))].filter((tool) => tool !== 'root');
  const present = await Promise.all(wanted.map((tool) => runs(tool, PROBES[tool], runner)));
  await mkdir(buildFolder(paths), { recursive: true });
  const disk = await statfs(buildFolder(paths));
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    missing: wanted.filter((_tool, index) => present[index] === false),
    freeBytes: disk.bavail * disk.bsize,
  };
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
