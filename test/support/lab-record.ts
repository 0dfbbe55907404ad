import type { LabRecord } from '../../labs/index.ts';

/** The lab.json of a standard lab, its machines running at these addresses. */
export function labRecord(differences: Partial<LabRecord> = {}): LabRecord {
  const name = differences.name ?? 'lab';
  const cluster = differences.cluster ?? name;
  return {
    apiVersion: 'kubedrill/v1',
    name,
    cluster,
    createdAt: '2026-01-01T00:00:00.000Z',
    topology: 'std',
    addons: 'std',
    cni: 'default',
    audit: 'log',
    kubernetesVersion: '1.35.4',
    kindVersion: '0.33.0',
    images: { node: 'n', toolbox: 't', traefik: 'r' },
    network: { name: `kubedrill-${cluster}`, bridge: 'kd-1' },
    addresses: {},
    frontDoor: { httpPort: 40080, httpsPort: 40443 },
    egressGuard: true,
    ...differences,
  };
}
