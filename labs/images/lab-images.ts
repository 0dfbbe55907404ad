import type { Paths, Reporter, Runner, ToolboxProgram } from '../../core/index.ts';
import { labPrograms } from '../addons/registry.ts';
import { ENGINE } from '../engine/facts.ts';
import { architectureFrom, type Architecture } from './architecture.ts';
import { withBuildLock } from './build/build-lock.ts';
import { fingerprint, folderFingerprint } from './build/fingerprint.ts';
import { sendImages } from './build/image-archive.ts';
import { nodeImagePlan } from './build/node-image.ts';
import { preload } from './build/preload.ts';
import { recipeFolder } from './build/recipe.ts';
import { requireBuildable } from './build/requirements.ts';
import { buildStage, unfinished } from './build/stage.ts';
import { toolboxPlan, type ImagePlan } from './build/toolbox.ts';
import { traefikPlan } from './build/traefik.ts';
import { inspectImage, inspectImages, type EngineImage } from './engine-images.ts';
import { LABEL } from './labels.ts';
import { obtainNodeImage, type ObtainedNodeImage } from './obtain-node-image.ts';
import { pullImage } from './sources/pull.ts';
import { kubernetesRelease, TRAEFIK_OFFICIAL, type KubernetesRelease } from './versions.ts';

export interface LabImagesRequest {
  readonly runner: Runner;
  readonly paths: Paths;
  readonly reporter: Reporter;
  /** Aborts a pull; what else runs is ended by the runner's own signal. */
  readonly signal?: AbortSignal;
  /** The environment, for GOARCH; default this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default 1.35.4. */
  readonly kubernetesVersion?: string;
  /** Default GOARCH or the host's. */
  readonly arch?: Architecture;
  /** Programs in the toolbox; default those of all add-ons and the keeper. */
  readonly programs?: readonly ToolboxProgram[];
  /** Default true. */
  readonly withTraefik?: boolean;
  /** A node image in the engine to start from, of the user's choice. */
  readonly nodeImage?: string;
  /** File written by `saveBundle`. */
  readonly bundle?: string;
}

/** The images that a lab runs on; all are in the engine, and toolbox and traefik are preloaded in `node`. */
export interface LabImages {
  /** The node image with the add-ons' images. */
  readonly node: string;
  /** Also an image of its own in the engine, for the keeper. */
  readonly toolbox: string;
  readonly traefik?: string;
  /** Where the node image that `node` is derived from came from. */
  readonly source: string;
  /** Why the sources before it were not used, a sentence each. */
  readonly reasons: readonly string[];
}

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

/** Looks, and obtains nothing. */
export async function labImagesState(request: LabImagesRequest): Promise<LabImagesState> {
  const plan = await planOf(request);
  const images = await present(plan);
  if (images !== undefined) return { kind: 'present', images };
  return { kind: 'absent', missing: await missingOf(plan) };
}

interface Plan {
  readonly request: LabImagesRequest;
  readonly release: KubernetesRelease;
  readonly arch: Architecture;
  readonly toolbox: ImagePlan;
  readonly traefik: ImagePlan | undefined;
}

async function planOf(request: LabImagesRequest): Promise<Plan> {
  const release = kubernetesRelease(request.kubernetesVersion);
  const arch = request.arch ?? architectureFrom(request.env ?? process.env, process.arch);
  const toolbox = await toolboxPlan(request.programs ?? labPrograms(), arch);
  return { request, release, arch, toolbox, traefik: request.withTraefik === false ? undefined : traefikPlan(arch) };
}

/** A derived node image that could be there: from which node image, and with which Traefik. */
interface Candidate {
  readonly reference: string;
  readonly traefik: string | undefined;
}

function candidateOf(plan: Plan, base: string, traefik: string | undefined): Candidate {
  const key = fingerprint([base, plan.toolbox.reference, traefik ?? '', folderFingerprint(recipeFolder('preload'))]);
  return { reference: `kubedrill/node-lab:v${plan.release.version}-${key}`, traefik };
}

/** Every derived image that would do, best first. */
async function candidatesOf(plan: Plan): Promise<readonly Candidate[]> {
  const chosen = plan.request.nodeImage;
  const bases =
    chosen === undefined
      ? [nodeImagePlan(plan.release, plan.arch).reference, plan.release.kindest]
      : [await identityOf(chosen, plan)];
  const traefiks = plan.traefik === undefined ? [undefined] : [plan.traefik.reference, TRAEFIK_OFFICIAL];
  return bases.flatMap((base) => traefiks.map((traefik) => candidateOf(plan, base, traefik)));
}

/** A name of the user's choice may mean another image tomorrow: it counts by its id. */
async function identityOf(reference: string, { request }: Plan): Promise<string> {
  return (await inspectImage(reference, request.runner))?.id ?? reference;
}

async function present(plan: Plan): Promise<LabImages | undefined> {
  const candidates = await candidatesOf(plan);
  const images = await inspectImages(
    [plan.toolbox.reference, ...candidates.map(({ reference }) => reference)],
    plan.request.runner,
  );
  const tagged = (reference: string): EngineImage | undefined => images.find(({ tags }) => tags.includes(reference));
  if (tagged(plan.toolbox.reference) === undefined) return undefined;
  for (const { reference, traefik } of candidates) {
    const image = tagged(reference);
    if (image !== undefined)
      return labImages(plan, { reference, traefik }, image.labels[LABEL.source] ?? 'the container engine', []);
  }
  return undefined;
}

function labImages(
  plan: Plan,
  { reference, traefik }: Candidate,
  source: string,
  reasons: readonly string[],
): LabImages {
  return {
    node: reference,
    toolbox: plan.toolbox.reference,
    ...(traefik === undefined ? {} : { traefik }),
    source,
    reasons,
  };
}

async function missingOf(plan: Plan): Promise<readonly string[]> {
  const base = plan.request.nodeImage ?? nodeImagePlan(plan.release, plan.arch).reference;
  const have = await inspectImages([plan.toolbox.reference, base], plan.request.runner);
  const isThere = (reference: string): boolean => have.some(({ tags }) => tags.includes(reference));
  return [
    ...[base, plan.toolbox.reference].filter((reference) => !isThere(reference)),
    `kubedrill/node-lab:v${plan.release.version}`,
  ];
}

async function derive(plan: Plan, base: ObtainedNodeImage): Promise<LabImages> {
  const { request } = plan;
  const raced = await present(plan);
  if (raced !== undefined) return raced;
  await loadToolbox(plan);
  const traefik = plan.traefik === undefined ? undefined : await obtainTraefik(plan.traefik, plan);
  const identity = request.nodeImage === undefined ? base.reference : await identityOf(base.reference, plan);
  const candidate = candidateOf(plan, identity, traefik?.reference);
  await request.reporter.stage(`Derive ${candidate.reference}`, async (detail) => {
    const own = [plan.toolbox, ...(traefik?.plan === undefined ? [] : [traefik.plan])];
    await preload(
      {
        base: base.reference,
        target: candidate.reference,
        images: await Promise.all(own.map(({ spec }) => spec(request.paths))),
        foreign: traefik?.plan === undefined && traefik !== undefined ? [traefik.reference] : [],
        labels: {
          [LABEL.kind]: 'node-lab',
          [LABEL.kubernetes]: `v${plan.release.version}`,
          [LABEL.source]: base.source,
        },
      },
      { ...request, detail },
    );
  });
  return labImages(plan, candidate, base.source, base.reasons);
}

async function loadToolbox({ toolbox, request }: Plan): Promise<void> {
  await requireBuildable('the toolbox image', toolbox.stages, request);
  for (const stage of toolbox.stages) await buildStage(stage, request);
  if ((await inspectImage(toolbox.reference, request.runner)) !== undefined) return;
  await request.reporter.stage(`Load ${toolbox.reference}`, async () => {
    const spec = await toolbox.spec(request.paths);
    await sendImages([{ ...spec, reference: toolbox.reference }], [ENGINE, 'load'], request);
  });
}

/** The official image where a registry answers, else (`plan` is then set) the one that is built here. */
async function obtainTraefik(
  plan: ImagePlan,
  { request, arch }: Plan,
): Promise<{ readonly reference: string; readonly plan?: ImagePlan }> {
  if (unfinished(plan.stages, request.paths).length > 0) {
    const pulled = await request.reporter.stage(`Ask the registry for ${TRAEFIK_OFFICIAL}`, (detail) =>
      pullImage({ ...request, reference: TRAEFIK_OFFICIAL, arch, detail }),
    );
    if (pulled.kind === 'obtained') return { reference: TRAEFIK_OFFICIAL };
  }
  await requireBuildable('the Traefik image', plan.stages, request);
  for (const stage of plan.stages) await buildStage(stage, request);
  return { reference: plan.reference, plan };
}
