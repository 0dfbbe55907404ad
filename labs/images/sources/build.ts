import { withBuildLock } from '../build/build-lock.ts';
import { BUILT_FROM_MODULES, nodeImagePlan } from '../build/node-image.ts';
import { whyNotBuildable } from '../build/requirements.ts';
import { inspectImage } from '../engine-images.ts';
import { notAvailable, obtained, type NodeImageSource } from './source.ts';

/** Source 4: built here, from Go modules and Debian packages. */
export const buildFromModules: NodeImageSource = {
  name: BUILT_FROM_MODULES,
  obtain: async ({ release, arch, ...deps }) => {
    const plan = nodeImagePlan(release, arch);
    const obstacle = await whyNotBuildable(plan.stages, deps);
    if (obstacle !== undefined) return notAvailable(obstacle);
    await withBuildLock(deps, async () => {
      // Whoever held the lock before may have built it.
      if ((await inspectImage(plan.reference, deps.runner)) === undefined) await plan.build(deps);
    });
    return obtained(plan.reference);
  },
};
