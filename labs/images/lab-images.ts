import { ENGINE } from '../engine/facts.ts';
import { withBuildLock } from './build/build-lock.ts';
import { sendImages } from './build/image-archive.ts';
import { nodeImagePlan } from './build/node-image.ts';
import { buildLanes } from './build/lanes.ts';
import { preload } from './build/preload.ts';
import { requireBuildable } from './build/requirements.ts';
import { unfinished } from './build/stage.ts';
import type { ImagePlan } from './build/toolbox.ts';
import { inspectImage, inspectImages } from './engine-images.ts';
import { LABEL } from './labels.ts';
import {
  candidateOf,
  labImages,
  planOf,
  present,
  type LabImages,
  type LabImagesRequest,
  type LabPlan,
} from './lab-plan.ts';
import { obtainNodeImage, type ObtainedNodeImage } from './obtain-node-image.ts';
import { pullImage } from './sources/pull.ts';
import { TRAEFIK_OFFICIAL } from './versions.ts';

/** Whether `obtainLabImages` would find everything in the engine, and if not, what it would have to obtain. */
export type LabImagesState =
  | { readonly kind: 'present'; readonly images: LabImages }
  | { readonly kind: 'absent'; readonly missing: readonly string[] };

/**
 * The images of a lab: from the engine when nothing of their recipes has changed (one question, about a second), else the
 * node image from the first source that has one, the toolbox and Traefik, and the node image derived from them.
 */
export async function obtainLabImages(request: LabImagesRequest): Promise<LabImages> {
  const plan = await planOf(request);
  const found = await present(plan);
  if (found !== undefined) return found;
  const base = await obtainNodeImage({ ...request, release: plan.release, arch: plan.arch });
  const afterBundle = request.bundle === undefined ? undefined : await present(plan);
  return afterBundle ?? withBuildLock(request, () => derive(plan, base));
}

/** Name of the toolbox image of today's programs, whether or not it is there. */
export async function toolboxReference(request: LabImagesRequest): Promise<string> {
  return (await planOf(request)).toolbox.reference;
}

/** Looks, and obtains nothing. */
export async function labImagesState(request: LabImagesRequest): Promise<LabImagesState> {
  const plan = await planOf(request);
  const images = await present(plan);
  if (images !== undefined) return { kind: 'present', images };
  return { kind: 'absent', missing: await missingOf(plan) };
}

async function missingOf(plan: LabPlan): Promise<readonly string[]> {
  const base = plan.request.nodeImage ?? nodeImagePlan(plan.release, plan.arch).reference;
  const have = await inspectImages([plan.toolbox.reference, base], plan.request.runner);
  const isThere = (reference: string): boolean => have.some(({ tags }) => tags.includes(reference));
  return [
    ...[base, plan.toolbox.reference].filter((reference) => !isThere(reference)),
    `kubedrill/node-lab:v${plan.release.version}`,
  ];
}

async function derive(plan: LabPlan, base: ObtainedNodeImage): Promise<LabImages> {
  const { request } = plan;
  const raced = await present(plan);
  if (raced !== undefined) return raced;
  const traefik = plan.traefik === undefined ? undefined : await chooseTraefik(plan.traefik, plan);
  const own = [plan.toolbox, ...(traefik?.plan === undefined ? [] : [traefik.plan])];
  for (const { reference, stages } of own) await requireBuildable(reference, stages, request);
  await buildLanes(
    own.map(({ stages }) => stages),
    request,
  );
  await loadToolbox(plan);
  const image = await inspectImage(base.reference, request.runner);
  const identity = request.nodeImage === undefined ? base.reference : (image?.id ?? base.reference);
  const source = image?.labels[LABEL.source] ?? base.source;
  const candidate = candidateOf(plan, identity, traefik?.reference);
  await request.reporter.stage(`Derive ${candidate.reference}`, async (detail) => {
    await preload(
      {
        base: base.reference,
        target: candidate.reference,
        images: await Promise.all(own.map(({ spec }) => spec(request.paths))),
        foreign: traefik?.plan === undefined && traefik !== undefined ? [traefik.reference] : [],
        labels: { [LABEL.kind]: 'node-lab', [LABEL.kubernetes]: `v${plan.release.version}`, [LABEL.source]: source },
      },
      { ...request, detail },
    );
  });
  return labImages(plan, candidate, source, base.reasons);
}

async function loadToolbox({ toolbox, request }: LabPlan): Promise<void> {
  if ((await inspectImage(toolbox.reference, request.runner)) !== undefined) return;
  await request.reporter.stage(`Load ${toolbox.reference}`, async () => {
    const spec = await toolbox.spec(request.paths);
    await sendImages([{ ...spec, reference: toolbox.reference }], [ENGINE, 'load'], request);
  });
}

/** The one that has been built here, else the official image where a registry answers; `plan` is set for one of ours. */
async function chooseTraefik(
  plan: ImagePlan,
  { request, arch }: LabPlan,
): Promise<{ readonly reference: string; readonly plan?: ImagePlan }> {
  const ours = { reference: plan.reference, plan };
  if (unfinished(plan.stages, request.paths).length === 0) return ours;
  const pulled = await request.reporter.stage(`Ask the registry for ${TRAEFIK_OFFICIAL}`, (detail) =>
    pullImage({ ...request, reference: TRAEFIK_OFFICIAL, arch, detail }),
  );
  return pulled.kind === 'obtained' ? { reference: TRAEFIK_OFFICIAL } : ours;
}
