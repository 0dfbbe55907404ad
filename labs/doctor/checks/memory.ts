import { labMemoryBytes } from '../../provider/topology.ts';
import { gib, ofGib, type DoctorCheck } from '../check.ts';

export const memoryCheck: DoctorCheck = {
  id: 'memory',
  look: ({ memory, platform }, { topology }) => {
    if (platform !== 'linux') return [];
    const nodes = topology.controlPlanes + topology.workers;
    const wanted = ofGib(1) + labMemoryBytes(topology);
    return [
      {
        id: 'memory',
        says: `${gib(wanted)} of memory are free for ${String(nodes)} node${nodes === 1 ? '' : 's'}`,
        ok: memory.availableBytes >= wanted,
        observed: `${gib(memory.availableBytes)} of ${gib(memory.totalBytes)}`,
        severity: 'advised',
        fix: {
          kind: 'manual',
          says: 'end other programs, or take a smaller lab',
          commands: ['kubedrill up --topology single'],
        },
      },
    ];
  },
};
