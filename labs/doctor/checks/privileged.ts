import { aptPlan, asCommands } from '../../engine/apt-plan.ts';
import { ENGINE_PACKAGES } from '../../engine/install.ts';
import type { DoctorCheck } from '../check.ts';

export const privilegedCheck: DoctorCheck = {
  id: 'privileged',
  look: ({ engine, privilegedFailure, apt }) => {
    if (engine.kind !== 'ready') return [];
    return [
      {
        id: 'privileged',
        says: 'the engine starts privileged containers',
        ok: privilegedFailure === undefined,
        observed: privilegedFailure ?? 'one was started',
        severity: 'required',
        // Replacing an engine that runs other people's containers is not for kubedrill to do.
        fix: {
          kind: 'manual',
          says: 'install a newer Docker and restart it',
          commands: [...asCommands(aptPlan(ENGINE_PACKAGES, apt)), '# then restart dockerd'],
        },
      },
    ];
  },
};
