import type { LabDeps } from '../../session.ts';
import type { DoctorCheck } from '../check.ts';
import type { Fix } from '../finding.ts';

/** With the default of 128 the kubelets of larger labs end with status 1. */
export const WANTED_INSTANCES = 512;
const SETTING = 'fs.inotify.max_user_instances=1024';

export const inotifyCheck: DoctorCheck = {
  id: 'inotify',
  look: ({ inotifyInstances, apt }, _need, deps) => {
    if (inotifyInstances === undefined) return [];
    return [
      {
        id: 'inotify',
        says: `there are at least ${String(WANTED_INSTANCES)} inotify instances`,
        ok: inotifyInstances >= WANTED_INSTANCES,
        observed: `fs.inotify.max_user_instances is ${String(inotifyInstances)}`,
        severity: 'required',
        fix: apt.isRoot
          ? raise(deps)
          : { kind: 'manual', says: 'raise it (needs root)', commands: [`sudo sysctl -w ${SETTING}`] },
      },
    ];
  },
};

function raise({ runner }: LabDeps): Fix {
  return {
    kind: 'automatic',
    says: 'allow 1024 inotify instances until the next boot',
    commands: [`sysctl -w ${SETTING}`],
    run: async () => {
      await runner.run('sysctl', ['-w', SETTING], { timeoutMs: 10_000 });
    },
  };
}
