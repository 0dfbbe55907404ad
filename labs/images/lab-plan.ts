import type { Paths, Reporter, Runner, ToolboxProgram } from '../../core/index.ts';
import { labPrograms } from '../addons/registry.ts';
import { architectureFrom, type Architecture } from './architecture.ts';
import { fingerprint, folderFingerprint } from './build/fingerprint.ts';
import { nodeImagePlan } from './build/node-image.ts';
import { recipeFolder } from './build/recipe.ts';
import { toolboxPlan, type ImagePlan } from './build/toolbox.ts';
import { traefikPlan } from './build/traefik.ts';
import { inspectImage, inspectImages, type EngineImage } from './engine-images.ts';
import { LABEL } from './labels.ts';
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

/** What a request comes to: the toolbox and Traefik of today, and the node images that would do. */
export interface LabPlan {
  readonly request: LabImagesRequest;
  readonly release: KubernetesRelease;
  readonly arch: Architecture;
  readonly toolbox: ImagePlan;
  readonly traefik: ImagePlan | undefined;
}

export async function planOf(request: LabImagesRequest): Promise<LabPlan> {
  const release = kubernetesRelease(request.kubernetesVersion);
  const arch = request.arch ?? architectureFrom(request.env ?? process.env, process.arch);
  const toolbox = await toolboxPlan(request.programs ?? labPrograms(), arch);
  return { request, release, arch, toolbox, traefik: request.withTraefik === false ? undefined : traefikPlan(arch) };
}

/** A derived node image that could be there: from which node image, and with which Traefik. */
export interface Candidate {
  readonly reference: string;
  readonly traefik: string | undefined;
}

export function candidateOf(plan: LabPlan, base: string, traefik: string | undefined): Candidate {
  const key = fingerprint([base, plan.toolbox.reference, traefik ?? '', folderFingerprint(recipeFolder('preload'))]);
  return { reference: `kubedrill/node-lab:v${plan.release.version}-${key}`, traefik };
}

/** Every derived image that would do, best first. */
export async function candidatesOf(plan: LabPlan): Promise<readonly Candidate[]> {
  const chosen = plan.request.nodeImage;
  const bases =
    chosen === undefined
      ? [nodeImagePlan(plan.release, plan.arch).reference, plan.release.kindest]
      : [await identityOf(chosen, plan)];
  const traefiks = plan.traefik === undefined ? [undefined] : [plan.traefik.reference, TRAEFIK_OFFICIAL];
  return bases.flatMap((base) => traefiks.map((traefik) => candidateOf(plan, base, traefik)));
}

/** A name of the user's choice may mean another image tomorrow: it counts by its id. */
async function identityOf(reference: string, { request }: LabPlan): Promise<string> {
  return (await inspectImage(reference, request.runner))?.id ?? reference;
}

export async function present(plan: LabPlan): Promise<LabImages | undefined> {
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

export function labImages(
  plan: LabPlan,
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
