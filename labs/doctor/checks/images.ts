import { obtainLabImages } from '../../images/index.ts';
import type { DoctorCheck } from '../check.ts';

export const imagesCheck: DoctorCheck = {
  id: 'images',
  look: ({ images }, { kubernetesVersion }, deps) => [
    {
      id: 'images',
      says: 'the node image and what it carries are in the engine',
      ok: images.kind === 'present',
      observed: images.observed,
      severity: 'required',
      fix: {
        kind: 'automatic',
        says: 'obtain the images: from a bundle or a registry, else built from Go modules and Debian packages (up to half an hour)',
        commands: ['kubedrill image build'],
        run: async () => {
          await obtainLabImages({ ...deps, ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }) });
        },
      },
    },
  ],
};
