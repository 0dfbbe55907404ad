import type { DoctorCheck } from '../check.ts';

export const btfCheck: DoctorCheck = {
  id: 'btf',
  look: ({ hasBtf, platform }) => {
    if (platform !== 'linux') return [];
    return [
      {
        id: 'btf',
        says: "the kernel describes its types (BTF), which the detector's sensor needs",
        ok: hasBtf,
        observed: hasBtf ? '/sys/kernel/btf/vmlinux is there' : '/sys/kernel/btf/vmlinux is not there',
        severity: 'advised',
        fix: {
          kind: 'manual',
          says: 'boot a kernel with CONFIG_DEBUG_INFO_BTF (those of the distributions since 2021 have it)',
          commands: ['# grep CONFIG_DEBUG_INFO_BTF /boot/config-$(uname -r)'],
        },
      },
    ];
  },
};
