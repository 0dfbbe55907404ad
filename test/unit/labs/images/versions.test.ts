import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, KubedrillError, packageRoot } from '../../../../core/index.ts';
import {
  COMPONENTS,
  DEFAULT_KUBERNETES,
  kubernetesRelease,
  kubernetesVersions,
} from '../../../../labs/images/versions.ts';

const recipes = join(packageRoot(), 'labs', 'images', 'recipe');

describe('Kubernetes versions', () => {
  test('the default is the exam’s minor, with the etcd, CoreDNS and pause that its kubeadm names', () => {
    expect(kubernetesRelease()).toMatchObject({
      version: '1.35.4',
      etcd: { version: '3.6.6', imageTag: '3.6.6-0' },
      corednsVersion: '1.13.1',
      pauseVersion: '3.10.1',
    });
    expect(DEFAULT_KUBERNETES).toBe('1.35.4');
  });

  test('a leading v is accepted', () => {
    expect(kubernetesRelease('v1.35.4')).toBe(kubernetesRelease('1.35.4'));
  });

  test('an unknown version is a usage error that names those known', () => {
    const error = thrownBy(() => kubernetesRelease('1.34.0'));
    expect(error).toBeInstanceOf(KubedrillError);
    expect(error).toMatchObject({ exitCode: ExitCode.usage });
    for (const version of kubernetesVersions()) expect((error as KubedrillError).why).toContain(version);
  });

  test.each(kubernetesVersions())(
    'the published node image for %s is of the same minor, and pinned by digest',
    (version) => {
      const minor = version.split('.').slice(0, 2).join('.');
      expect(kubernetesRelease(version).kindest).toMatch(
        new RegExp(`^kindest/node:v${minor.replace('.', '\\.')}\\.\\d+@sha256:[0-9a-f]{64}$`),
      );
    },
  );

  test.each(kubernetesVersions())('everything that goes with %s has a recipe that pins its modules', (version) => {
    const release = kubernetesRelease(version);
    const needed = [
      `kubernetes/v${version}`,
      `etcd/v${release.etcd.version}`,
      `coredns/v${release.corednsVersion}`,
      `cri-tools/v${COMPONENTS.criTools}`,
      `flannel/v${COMPONENTS.flannel}`,
      `local-path-provisioner/v${COMPONENTS.localPathProvisioner}`,
      `traefik/v${COMPONENTS.traefik}`,
    ];
    const missing = needed.flatMap((recipe) =>
      ['go.mod', 'go.sum'].map((file) => join(recipe, file)).filter((file) => !existsSync(join(recipes, file))),
    );
    expect(missing).toEqual([]);
    expect(existsSync(join(recipes, `pause/v${release.pauseVersion}/main.go`))).toBe(true);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
