import { installEgressGuard } from '../../egress/index.ts';
import type { DoctorCheck } from '../check.ts';

export const egressGuardCheck: DoctorCheck = {
  id: 'egress-guard',
  look: ({ guards }, _need, deps) =>
    guards.map(({ lab, request, ok, observed }) => ({
      id: `egress-guard-${lab}`,
      says: `nothing of the lab "${lab}" leaves this machine`,
      ok,
      observed,
      severity: 'required',
      fix: {
        kind: 'automatic',
        says: `set the egress guard of the lab "${lab}" again`,
        commands: [`kubedrill up --name ${lab}`],
        run: async () => {
          await installEgressGuard(deps, request);
        },
      },
    })),
};
