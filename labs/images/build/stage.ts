import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Paths, Reporter, Runner } from '../../../core/index.ts';
import { fingerprint } from './fingerprint.ts';

export interface BuildDeps {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
}

/** A program; or the rights of root; or that this machine runs programs of another architecture (binfmt_misc with qemu). */
export type BuildTool = 'go' | 'npm' | 'debootstrap' | 'tar' | 'root' | 'arm64-emulation' | 'amd64-emulation';

/**
 * One step of a build whose result is a folder, addressed by what it was made from: it is made once, and found again
 * for as long as nothing of that changes.
 */
export interface Stage {
  /** Kebab-case; the folder's name begins with it. */
  readonly name: string;
  /** What is done, for people, e.g. `Build Kubernetes 1.35.4`. */
  readonly title: string;
  /** Everything that decides the result: versions, architecture, fingerprints of recipes. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly needs: readonly Stage[];
  /** What this machine has to have for it. */
  readonly tools: readonly BuildTool[];
  /** About how much disk space it takes while it is made, in the cache and in the Go caches. */
  readonly diskBytes: number;
  readonly make: (work: StageWork) => Promise<void>;
}

export interface StageWork {
  /** Empty at the start; what is in it at the end is the result. */
  readonly folder: string;
  readonly runner: Runner;
  readonly paths: Paths;
  /** Folder of the result of a stage named in `needs`. */
  readonly resultOf: (stage: Stage) => string;
  readonly detail: (text: string) => void;
}

/** What addresses a stage's result: 12 hex digits over its inputs and the stages that it needs. */
export function stageKey(stage: Stage): string {
  return fingerprint({ name: stage.name, inputs: stage.inputs, needs: stage.needs.map(stageKey) });
}

/** Where a stage's result is, or would be. */
export function stageFolder(stage: Stage, paths: Paths): string {
  return join(buildFolder(paths), `${stage.name}-${stageKey(stage)}`);
}

export function buildFolder(paths: Paths): string {
  return join(paths.cache, 'build');
}

/** The stages that would have to be made, those needed first; each once. */
export function unfinished(stages: readonly Stage[], paths: Paths): readonly Stage[] {
  const open = new Map<string, Stage>();
  const visit = (stage: Stage): void => {
    const folder = stageFolder(stage, paths);
    if (open.has(folder) || existsSync(folder)) return;
    stage.needs.forEach(visit);
    open.set(folder, stage);
  };
  stages.forEach(visit);
  return [...open.values()];
}

/**
 * Makes the stage and what it needs, unless they are there, and answers its folder. A result appears by rename, so an
 * interrupted build leaves no half result and goes on with the first stage that is not finished.
 */
export async function buildStage(stage: Stage, deps: BuildDeps): Promise<string> {
  for (const open of unfinished([stage], deps.paths)) await makeOne(open, deps);
  return stageFolder(stage, deps.paths);
}

async function makeOne(stage: Stage, deps: BuildDeps): Promise<void> {
  const result = stageFolder(stage, deps.paths);
  const partial = `${result}.partial`;
  await removePartials(stage, deps.paths);
  await mkdir(partial, { recursive: true });
  await deps.reporter.stage(stage.title, async (detail) => {
    await stage.make({
      folder: partial,
      runner: deps.runner,
      paths: deps.paths,
      resultOf: (needed) => stageFolder(needed, deps.paths),
      detail,
    });
    await rename(partial, result);
  });
}

/** What earlier builds of the stage left half made; the build lock keeps those of others away. */
async function removePartials(stage: Stage, paths: Paths): Promise<void> {
  await mkdir(buildFolder(paths), { recursive: true });
  for (const name of await readdir(buildFolder(paths))) {
    if (!name.startsWith(`${stage.name}-`) || !name.endsWith('.partial')) continue;
    await rm(join(buildFolder(paths), name), { recursive: true, force: true });
  }
}
