import type { DoctorCheck } from '../check.ts';

export const cgroupCheck: DoctorCheck = {
  id: 'cgroup',
  look: ({ engine }) => {
    if (engine.kind !== 'ready') return [];
    const { cgroupVersion } = engine.facts;
    return [
      {
        id: 'cgroup',
        says: 'the kubelet can live with this cgroup version',
        ok: true,
        observed:
          cgroupVersion === 2 ? 'version 2' : 'version 1: the lab tells kubelet to accept it (failCgroupV1: false)',
        severity: 'info',
      },
    ];
  },
};
