import { gib, ofGib, type DoctorCheck } from '../check.ts';

/** Images and containers of a lab; with images to build, also their parts and the Go cache (3.2 GB for Kubernetes alone). */
const FOR_LAB = 4;
const FOR_BUILDING = 12;

export const diskCheck: DoctorCheck = {
  id: 'disk',
  look: ({ disks, images }) => {
    const wanted = ofGib(images.kind === 'present' ? FOR_LAB : FOR_BUILDING);
    return disks.map(({ what, path, freeBytes }) => ({
      id: `disk-${what}`,
      says: `${gib(wanted)} are free for ${what === 'engine' ? "the engine's data" : "kubedrill's cache"}`,
      ok: freeBytes >= wanted,
      observed: `${gib(freeBytes)} on the file system of ${path}`,
      severity: 'required' as const,
      fix: { kind: 'manual' as const, says: 'make room', commands: ['docker system df', 'docker image prune'] },
    }));
  },
};
