export type { AddonSet, LabDeps, LabRecord, Session, TopologyName } from './session.ts';
export { up, type UpOptions } from './up.ts';
export { down } from './down.ts';
export { openSession } from './open-session.ts';
export { labStatus, listLabs, type LabStatus, type LabSummary } from './status.ts';
export { withLabLock } from './lock.ts';
export { doctor, fixAll, type DoctorOptions } from './doctor/doctor.ts';
export type { Finding, Fix, Severity } from './doctor/finding.ts';
export { shellCommand, type ShellCommand } from './shell.ts';
export { labPrograms } from './addons/registry.ts';
export {
  endShell,
  holdListener,
  holdShell,
  readShell,
  shells,
  typeInto,
  type HeldShell,
  type HoldShellRequest,
} from './keeper/client.ts';
