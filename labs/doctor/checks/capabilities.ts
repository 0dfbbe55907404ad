import { canRaiseLimits } from '../../provider/host-traits.ts';
import type { DoctorCheck } from '../check.ts';

export const capabilitiesCheck: DoctorCheck = {
  id: 'capabilities',
  look: ({ capabilities }) => {
    if (capabilities === undefined) return [];
    return [
      {
        id: 'capabilities',
        says: 'nodes can live with what root may do here',
        ok: true,
        observed: canRaiseLimits(capabilities)
          ? 'nothing is missing'
          : 'CAP_SYS_RESOURCE is missing: the lab tells kubelet not to raise limits',
        severity: 'info',
      },
    ];
  },
};
