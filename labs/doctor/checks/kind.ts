import { obtainKind } from '../../tools/index.ts';
import type { DoctorCheck } from '../check.ts';

export const kindCheck: DoctorCheck = {
  id: 'kind',
  look: ({ tools }, _need, deps) => [
    {
      id: 'kind',
      says: 'kind is there',
      ok: tools.kind !== undefined,
      observed: tools.kind ?? 'neither on the PATH nor built',
      severity: 'required',
      fix: {
        kind: 'automatic',
        says: 'build kind from its Go module (a minute)',
        commands: ['kubedrill image build'],
        run: async () => {
          await obtainKind(deps);
        },
      },
    },
  ],
};
