import type { DoctorCheck } from './check.ts';
import { btfCheck } from './checks/btf.ts';
import { capabilitiesCheck } from './checks/capabilities.ts';
import { cgroupCheck } from './checks/cgroup.ts';
import { debootstrapCheck } from './checks/debootstrap.ts';
import { diskCheck } from './checks/disk.ts';
import { egressGuardCheck } from './checks/egress-guard.ts';
import { engineCheck } from './checks/engine.ts';
import { goCheck } from './checks/go.ts';
import { imagesCheck } from './checks/images.ts';
import { inotifyCheck } from './checks/inotify.ts';
import { kindCheck } from './checks/kind.ts';
import { kubectlCheck } from './checks/kubectl.ts';
import { memoryCheck } from './checks/memory.ts';
import { nodeVersionCheck } from './checks/node-version.ts';
import { poolCheck } from './checks/pool.ts';
import { portsCheck } from './checks/ports.ts';
import { privilegedCheck } from './checks/privileged.ts';

/** All checks, in the order in which they are shown and their fixes run: what is built needs what is installed before it. */
export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  nodeVersionCheck,
  engineCheck,
  privilegedCheck,
  cgroupCheck,
  capabilitiesCheck,
  inotifyCheck,
  memoryCheck,
  diskCheck,
  btfCheck,
  portsCheck,
  goCheck,
  debootstrapCheck,
  kindCheck,
  imagesCheck,
  kubectlCheck,
  egressGuardCheck,
  poolCheck,
];
