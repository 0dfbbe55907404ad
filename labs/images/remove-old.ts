import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunError } from '../../core/index.ts';
import { ENGINE } from '../engine/facts.ts';
import { withBuildLock } from './build/build-lock.ts';
import { nodeImagePlan } from './build/node-image.ts';
import { buildFolder, stageFolder, type Stage } from './build/stage.ts';
import { planOf, present, type LabImagesRequest, type LabPlan } from './lab-plan.ts';
import { listImages } from './list-images.ts';

export interface Removed {
  /** Images, by reference. */
  readonly images: readonly string[];
  /** Images that were not removed, mostly because a container is made from them. */
  readonly kept: readonly { readonly reference: string; readonly why: string }[];
  /** Results of earlier builds in the cache, by the name of their folder. */
  readonly builds: readonly string[];
}

/**
 * Removes what no build of today's recipes would use again: kubedrill's older images in the engine, and older results in
 * the build cache. What the request would obtain stays.
 */
export async function removeOldImages(request: LabImagesRequest): Promise<Removed> {
  const plan = await planOf(request);
  return withBuildLock(request, async () => {
    const builds = await removeBuilds(plan);
    return { ...(await removeImages(plan)), builds };
  });
}

async function removeImages(plan: LabPlan): Promise<Omit<Removed, 'builds'>> {
  const { runner } = plan.request;
  const keep = [
    plan.toolbox.reference,
    nodeImagePlan(plan.release, plan.arch).reference,
    (await present(plan))?.node,
    plan.request.nodeImage,
  ];
  const images: string[] = [];
  const kept: { reference: string; why: string }[] = [];
  for (const { reference } of await listImages(runner)) {
    if (keep.includes(reference)) continue;
    try {
      await runner.run(ENGINE, ['image', 'rm', reference]);
      images.push(reference);
    } catch (error) {
      if (!(error instanceof RunError) || error.facts.canceled) throw error;
      kept.push({ reference, why: error.facts.stderr.trim() });
    }
  }
  return { images, kept };
}

/** Folders of stages that today's plans do not name: a changed recipe, another version, a build that was broken off. */
async function removeBuilds(plan: LabPlan): Promise<readonly string[]> {
  const { paths } = plan.request;
  const current = [
    nodeImagePlan(plan.release, plan.arch),
    plan.toolbox,
    ...(plan.traefik === undefined ? [] : [plan.traefik]),
  ];
  const folders = new Set(
    current.flatMap(({ stages }) => stages.flatMap(withNeeds)).map((stage) => stageFolder(stage, paths)),
  );
  const removed: string[] = [];
  for (const name of await readdir(buildFolder(paths))) {
    const folder = join(buildFolder(paths), name);
    if (folders.has(folder)) continue;
    await rm(folder, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

function withNeeds(stage: Stage): readonly Stage[] {
  return [stage, ...stage.needs.flatMap(withNeeds)];
}
