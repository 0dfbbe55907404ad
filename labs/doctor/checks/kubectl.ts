import type { DoctorCheck } from '../check.ts';

export const kubectlCheck: DoctorCheck = {
  id: 'kubectl',
  look: ({ tools }) => [
    {
      id: 'kubectl',
      says: 'kubectl is there for the learner',
      // `kubedrill shell` takes the node image's own where there is none.
      ok: true,
      observed: tools.kubectl ?? 'not on the PATH; kubedrill shell brings that of the node image',
      severity: 'info',
    },
  ],
};
