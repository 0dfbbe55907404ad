import { aptFix } from '../apt-fix.ts';
import type { DoctorCheck } from '../check.ts';

export const debootstrapCheck: DoctorCheck = {
  id: 'debootstrap',
  look: ({ tools, images, apt }, _need, deps) => {
    const isNeeded = images.kind !== 'present';
    return [
      {
        id: 'debootstrap',
        says: 'debootstrap can make root file systems',
        ok: tools.debootstrap !== undefined || !isNeeded,
        observed: `${tools.debootstrap ?? 'not installed'}${isNeeded ? '' : ' (not needed: nothing is to be built)'}`,
        severity: 'required',
        fix: aptFix(['debootstrap', 'zstd'], apt, deps),
      },
    ];
  },
};
