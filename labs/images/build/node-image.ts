import type { Paths } from '../../../core/index.ts';
import { ENGINE } from '../../engine/facts.ts';
import type { Architecture } from '../architecture.ts';
import { LABEL } from '../labels.ts';
import type { KubernetesRelease } from '../versions.ts';
import { componentImages, type ComponentImages } from './component-images.ts';
import { fingerprint, folderFingerprint } from './fingerprint.ts';
import { sendImages, type ImageSpec } from './image-archive.ts';
import { buildLanes } from './lanes.ts';
import { readLayer } from './layer.ts';
import { nodeFilesStage } from './node-files.ts';
import { preload } from './preload.ts';
import { nodePrograms } from './programs.ts';
import { recipeFolder } from './recipe.ts';
import { rootLayerStage } from './root-stage.ts';
import { stageFolder, stageKey, type BuildDeps, type Stage } from './stage.ts';

/** How a node image is built from Go modules and Debian packages. */
export interface NodeImagePlan {
  /** Name and tag of the image; the tag carries the fingerprint of all that it is made from. */
  readonly reference: string;
  readonly stages: readonly Stage[];
  readonly build: (deps: BuildDeps) => Promise<void>;
}

/** systemd's signal for an orderly halt. */
const HALT = 'SIGRTMIN+3';
/** Name of this source, which the image keeps as a label. */
export const BUILT_FROM_MODULES = 'a build from Go modules';

export function nodeImagePlan(release: KubernetesRelease, arch: Architecture): NodeImagePlan {
  const programs = nodePrograms(release, arch);
  const tools = toolsStage(arch);
  const root = rootLayerStage({ name: 'node', title: 'Make the root file system of a node', arch });
  const files = nodeFilesStage(release, arch, programs);
  const components = componentImages(release, arch, { programs, tools });
  const compiled = [programs.kubernetes, components.stage, files];
  const unpacked = [tools, root];
  const stages = [...compiled, ...unpacked];
  const key = fingerprint([stages.map(stageKey), folderFingerprint(recipeFolder('preload'))]);
  const reference = `kubedrill/node:v${release.version}-${key}`;
  const parts = { reference, release, arch, root, files, components };
  return { reference, stages, build: (deps) => build(parts, [compiled, unpacked], deps) };
}

/** Debian with the network tools: what the toolbox, kube-proxy and flannel stand on, stored once. */
export function toolsStage(arch: Architecture): Stage {
  return rootLayerStage({ name: 'tools', title: 'Make the root file system of the toolbox', arch });
}

interface Parts {
  readonly reference: string;
  readonly release: KubernetesRelease;
  readonly arch: Architecture;
  readonly root: Stage;
  readonly files: Stage;
  readonly components: ComponentImages;
}

async function build(parts: Parts, lanes: readonly (readonly Stage[])[], deps: BuildDeps): Promise<void> {
  await buildLanes(lanes, deps);
  await deps.reporter.stage(`Assemble ${parts.reference}`, async (detail) => {
    const empty = await emptyNode(parts, deps.paths);
    detail('load the root file system');
    await sendImages([empty], [ENGINE, 'load'], deps);
    try {
      await preload(
        {
          base: empty.reference,
          target: parts.reference,
          images: await parts.components.specs(deps.paths),
          foreign: [],
          labels: {},
        },
        { ...deps, detail },
      );
    } finally {
      await deps.runner.run(ENGINE, ['image', 'rm', empty.reference], { okExitCodes: [0, 1] });
    }
  });
}

/** The node without preloaded images. */
async function emptyNode(parts: Parts, paths: Paths): Promise<ImageSpec> {
  return {
    reference: parts.reference.replace('kubedrill/node:', 'kubedrill/node-empty:'),
    arch: parts.arch,
    layers: [
      await readLayer(stageFolder(parts.root, paths), 'root'),
      await readLayer(stageFolder(parts.files, paths), 'files'),
    ],
    entrypoint: ['/usr/local/bin/entrypoint', '/sbin/init'],
    env: ['container=docker'],
    stopSignal: HALT,
    labels: {
      [LABEL.kind]: 'node',
      [LABEL.kubernetes]: `v${parts.release.version}`,
      [LABEL.source]: BUILT_FROM_MODULES,
    },
  };
}
