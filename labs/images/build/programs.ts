import type { Architecture } from '../architecture.ts';
import { COMPONENTS, type KubernetesRelease } from '../versions.ts';
import { goStage, type GoProgram } from './go-stage.ts';
import type { Stage } from './stage.ts';

/** The stages that build the programs of a node image, by what they build. */
export interface NodePrograms {
  readonly kubernetes: Stage;
  readonly etcd: Stage;
  readonly coredns: Stage;
  readonly crictl: Stage;
  readonly flannel: Stage;
  readonly localPath: Stage;
  readonly pause: Stage;
}

export function nodePrograms(release: KubernetesRelease, arch: Architecture): NodePrograms {
  return {
    kubernetes: kubernetes(release, arch),
    etcd: etcd(release.etcd.version, arch),
    coredns: goStage({
      ...{ name: 'coredns', version: release.corednsVersion, title: `CoreDNS ${release.corednsVersion}`, arch },
      programs: [{ file: 'coredns', versionArgs: ['-version'], says: `CoreDNS-${release.corednsVersion}` }],
    }),
    crictl: crictl(arch),
    flannel: flannel(arch),
    localPath: localPath(arch),
    pause: goStage({
      ...{ name: 'pause', version: release.pauseVersion, title: 'pause', arch },
      programs: [{ file: 'pause', versionArgs: ['-v'], says: release.pauseVersion }],
    }),
  };
}

function kubernetes(release: KubernetesRelease, arch: Architecture): Stage {
  const version = `v${release.version}`;
  const [major = '', minor = ''] = release.version.split('.');
  const daemon = (file: string): GoProgram => ({ file, versionArgs: ['--version'], says: `Kubernetes ${version}` });
  const stamps = {
    gitVersion: version,
    gitMajor: major,
    gitMinor: minor,
    // Kubernetes' own word for a build from sources without git.
    gitTreeState: 'archive',
    buildDate: release.publishedAt,
  };
  return goStage({
    ...{ name: 'kubernetes', version: release.version, title: `Kubernetes ${release.version}`, arch, diskBytes: 5e9 },
    stamps: Object.fromEntries(
      Object.entries(stamps).map(([name, value]) => [`k8s.io/component-base/version.${name}`, value]),
    ),
    programs: [
      { file: 'kubeadm', versionArgs: ['version', '--output=short'], says: version },
      { file: 'kubectl', versionArgs: ['version', '--client'], says: `Client Version: ${version}` },
      ...['kubelet', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map(daemon),
    ],
  });
}

function etcd(version: string, arch: Architecture): Stage {
  return goStage({
    ...{ name: 'etcd', version, title: `etcd ${version}`, arch },
    programs: [
      { file: 'etcd', builtAs: 'server', versionArgs: ['--version'], says: `etcd Version: ${version}` },
      { file: 'etcdctl', versionArgs: ['version'], says: `etcdctl version: ${version}` },
      { file: 'etcdutl', versionArgs: ['version'], says: `etcdutl version: ${version}` },
    ],
  });
}

function crictl(arch: Architecture): Stage {
  const version = COMPONENTS.criTools;
  return goStage({
    ...{ name: 'cri-tools', version, title: `crictl ${version}`, arch },
    stamps: { 'sigs.k8s.io/cri-tools/pkg/version.Version': `v${version}` },
    programs: [{ file: 'crictl', versionArgs: ['--version'], says: `v${version}` }],
  });
}

const FLANNEL_SUM = 'h1:fG3xrErZfrCYQGtSAdZcPnp0+uBsZsWZmKAK77zC0ok=';

function flannel(arch: Architecture): Stage {
  const version = COMPONENTS.flannel;
  const module = 'github.com/flannel-io/flannel';
  return goStage({
    ...{ name: 'flannel', version, title: `flannel ${version}`, arch },
    stamps: { [`${module}/pkg/version.Version`]: `v${version}` },
    copies: [{ module, version, sum: FLANNEL_SUM, folder: 'flannel', without: ['pkg/backend/udp'] }],
    programs: [{ file: 'flanneld', builtAs: 'flannel', versionArgs: ['--version'], says: `v${version}` }],
  });
}

function localPath(arch: Architecture): Stage {
  const version = COMPONENTS.localPathProvisioner;
  const name = 'local-path-provisioner';
  return goStage({
    ...{ name, version, title: `local-path-provisioner ${version}`, arch },
    stamps: { 'main.VERSION': `v${version}` },
    programs: [{ file: name, versionArgs: ['--version'], says: `v${version}` }],
  });
}
