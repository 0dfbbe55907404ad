import { cp, link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Paths } from '../../../core/index.ts';
import type { Architecture } from '../architecture.ts';
import { COMPONENTS, type KubernetesRelease } from '../versions.ts';
import { folderFingerprint } from './fingerprint.ts';
import type { ImageSpec } from './image-archive.ts';
import { readLayer, writeLayer } from './layer.ts';
import type { NodePrograms } from './programs.ts';
import { recipeFolder } from './recipe.ts';
import { stageFolder, type Stage } from './stage.ts';

/** An image that is one layer of programs, alone or on the layer of tools. */
interface Component {
  readonly layer: string;
  readonly reference: string;
  readonly on: 'nothing' | 'tools';
  readonly programs: readonly { readonly from: Stage; readonly file: string; readonly to: string }[];
  /** Recipe folder whose files are in the layer too. */
  readonly files?: string;
  readonly entrypoint: readonly string[];
}

export interface ComponentImages {
  /** Their names, as Kubernetes and the manifests of the recipe use them. */
  readonly references: readonly string[];
  /** Packs the layers. */
  readonly stage: Stage;
  /** The images, once `stage` and `tools` are built. */
  readonly specs: (paths: Paths) => Promise<readonly ImageSpec[]>;
}

/** The images that `kubeadm config images list` names, and those of the pod network and the storage class. */
export function componentImages(
  release: KubernetesRelease,
  arch: Architecture,
  { programs, tools }: { readonly programs: NodePrograms; readonly tools: Stage },
): ComponentImages {
  const components = componentsOf(release, programs);
  const stage = layerStage(components, arch);
  const spec = async (component: Component, paths: Paths): Promise<ImageSpec> => {
    const own = await readLayer(stageFolder(stage, paths), component.layer);
    const below = component.on === 'tools' ? [await readLayer(stageFolder(tools, paths), 'root')] : [];
    return { reference: component.reference, arch, layers: [...below, own], entrypoint: component.entrypoint };
  };
  const references = components.map(({ reference }) => reference);
  return { references, stage, specs: (paths) => Promise.all(components.map((component) => spec(component, paths))) };
}

function componentsOf(release: KubernetesRelease, programs: NodePrograms): readonly Component[] {
  const kubernetes = (name: string, on: Component['on']): Component => ({
    ...{
      layer: name,
      reference: `registry.k8s.io/${name}:v${release.version}`,
      on,
      entrypoint: [`/usr/local/bin/${name}`],
    },
    programs: [{ from: programs.kubernetes, file: name, to: `usr/local/bin/${name}` }],
  });
  return [
    kubernetes('kube-apiserver', 'nothing'),
    kubernetes('kube-controller-manager', 'nothing'),
    kubernetes('kube-scheduler', 'nothing'),
    kubernetes('kube-proxy', 'tools'),
    {
      ...{ layer: 'etcd', reference: `registry.k8s.io/etcd:${release.etcd.imageTag}`, on: 'nothing' },
      programs: ['etcd', 'etcdctl', 'etcdutl'].map((file) => ({
        from: programs.etcd,
        file,
        to: `usr/local/bin/${file}`,
      })),
      entrypoint: ['/usr/local/bin/etcd'],
    },
    {
      ...{ layer: 'coredns', reference: `registry.k8s.io/coredns/coredns:v${release.corednsVersion}`, on: 'nothing' },
      programs: [{ from: programs.coredns, file: 'coredns', to: 'coredns' }],
      entrypoint: ['/coredns'],
    },
    {
      ...{ layer: 'pause', reference: `registry.k8s.io/pause:${release.pauseVersion}`, on: 'nothing' },
      programs: [{ from: programs.pause, file: 'pause', to: 'pause' }],
      entrypoint: ['/pause'],
    },
    {
      ...{
        layer: 'flannel',
        reference: `docker.io/kubedrill/flannel:v${COMPONENTS.flannel}`,
        on: 'tools',
        files: 'flannel',
      },
      programs: [{ from: programs.flannel, file: 'flanneld', to: 'usr/local/bin/flanneld' }],
      entrypoint: ['/usr/local/bin/run-flanneld'],
    },
    {
      ...{ layer: 'local-path-provisioner', on: 'tools' },
      reference: `docker.io/kubedrill/local-path-provisioner:v${COMPONENTS.localPathProvisioner}`,
      programs: [
        { from: programs.localPath, file: 'local-path-provisioner', to: 'usr/local/bin/local-path-provisioner' },
      ],
      entrypoint: ['/usr/local/bin/local-path-provisioner'],
    },
  ];
}

function layerStage(components: readonly Component[], arch: Architecture): Stage {
  return {
    name: `components-${arch}`,
    title: 'Pack the images of Kubernetes',
    inputs: Object.fromEntries(components.map((component) => [component.layer, contentOf(component)])),
    needs: [...new Set(components.flatMap(({ programs }) => programs.map(({ from }) => from)))],
    tools: ['tar'],
    diskBytes: 1e9,
    make: async (work) => {
      for (const component of components) {
        work.detail(component.layer);
        const root = join(work.folder, 'root');
        await mkdir(root);
        if (component.files !== undefined) await cp(recipeFolder(component.files, 'files'), root, { recursive: true });
        for (const { from, file, to } of component.programs)
          await place(join(work.resultOf(from), file), join(root, to));
        await writeLayer({ root, owners: 'root' }, work.folder, component.layer, work.runner);
        await rm(root, { recursive: true });
      }
    },
  };
}

function contentOf(component: Component): string {
  const files = component.files === undefined ? '' : folderFingerprint(recipeFolder(component.files, 'files'));
  return [...component.programs.map(({ to }) => to), files].join(' ');
}

/** A second name of the same file: 500 MB of programs need not be copied. */
async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await link(from, to);
}
