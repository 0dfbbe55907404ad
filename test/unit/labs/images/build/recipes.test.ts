import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { componentImages } from '../../../../../labs/images/build/component-images.ts';
import { nodeImagePlan, toolsStage } from '../../../../../labs/images/build/node-image.ts';
import { nodePrograms } from '../../../../../labs/images/build/programs.ts';
import { recipeFolder } from '../../../../../labs/images/build/recipe.ts';
import { COMPONENTS, kubernetesRelease } from '../../../../../labs/images/versions.ts';

const release = kubernetesRelease();

function manifest(name: string): string {
  return readFileSync(join(recipeFolder('node', 'files'), 'kind', 'manifests', name), 'utf8')
    .replaceAll('@FLANNEL_VERSION@', COMPONENTS.flannel)
    .replaceAll('@LOCAL_PATH_VERSION@', COMPONENTS.localPathProvisioner);
}

describe('the manifests that kind applies from a node', () => {
  const preloaded = componentImages(release, 'amd64', {
    programs: nodePrograms(release, 'amd64'),
    tools: toolsStage('amd64'),
  }).references;

  test.each(['default-cni.yaml', 'default-storage.yaml'])('%s names only images that are preloaded', (name) => {
    const images = [...manifest(name).matchAll(/image[:=]\s*(\S+?)\]?$/gm)].map(([, image]) => image);
    expect(images.length).toBeGreaterThan(1);
    expect(images.filter((image) => image === undefined || !preloaded.includes(image))).toEqual([]);
  });

  test.each(['default-cni.yaml', 'default-storage.yaml'])(
    '%s is valid YAML, every document an object of Kubernetes',
    (name) => {
      const documents = parseAllDocuments(manifest(name));
      expect(documents.length).toBeGreaterThan(3);
      for (const document of documents) {
        expect(document.errors).toEqual([]);
        expect(document.toJS()).toMatchObject({
          apiVersion: expect.any(String) as string,
          kind: expect.any(String) as string,
        });
      }
    },
  );

  test('the pod network asks kind for the pod subnet and the control plane, in kind’s words', () => {
    expect(manifest('default-cni.yaml')).toContain('would you kindly template this file');
    expect(manifest('default-cni.yaml')).toContain('would you kindly patch this file');
  });

  test('kubeadm finds every image that it will ask for', () => {
    const asked = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map(
      (name) => `registry.k8s.io/${name}:v1.35.4`,
    );
    const others = ['coredns/coredns:v1.13.1', 'pause:3.10.1', 'etcd:3.6.6-0'].map((name) => `registry.k8s.io/${name}`);
    expect(preloaded).toEqual(expect.arrayContaining([...asked, ...others]));
  });
});

describe('the plan of a node image', () => {
  test('is the same every time, and another for another architecture', () => {
    const { reference } = nodeImagePlan(release, 'amd64');
    expect(nodeImagePlan(release, 'amd64').reference).toBe(reference);
    expect(nodeImagePlan(release, 'arm64').reference).not.toBe(reference);
  });

  test('a machine needs an emulator only for the other architecture', () => {
    const needs = (arch: 'amd64' | 'arm64'): readonly string[] =>
      nodeImagePlan(release, arch).stages.flatMap(({ tools }) => tools);
    const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
    expect(needs(own)).not.toContain(`${own}-emulation`);
    expect(needs(own === 'arm64' ? 'amd64' : 'arm64')).toContain(`${own === 'arm64' ? 'amd64' : 'arm64'}-emulation`);
  });
});
