export type { AddonSet, AuditWay, LabDeps, LabRecord, Session, TopologyName } from './session.ts';
export { up } from './up.ts';
export type { UpOptions } from './plan.ts';
export { down } from './down.ts';
export { stopEngine } from './engine/stop.ts';
export { openSession } from './open-session.ts';
export { labStatus, listLabs, type LabStatus, type LabSummary } from './status.ts';
export { withLabLock } from './lock.ts';
export { doctor, fixAll, type DoctorOptions } from './doctor/doctor.ts';
export type { Finding, Fix, Severity } from './doctor/finding.ts';
export {
  endPool,
  fillPool,
  makePool,
  poolStatus,
  startRefill,
  type FillOutcome,
  type FillState,
  type PoolLab,
  type PoolStatus,
  type RefillStart,
} from './pool/index.ts';
export { shellCommand, type ShellCommand } from './shell.ts';
export { labPrograms } from './addons/registry.ts';
export { endShell, holdListener, holdShell, readShell, shells, typeInto } from './keeper/client.ts';
export type { HeldShell, HoldListenerRequest, HoldShellRequest } from './keeper/protocol.ts';
export {
  DEFAULT_KUBERNETES,
  kubernetesVersions,
  labImagesState,
  listImages,
  loadBundle,
  obtainLabImages,
  removeOldImages,
  saveBundle,
  type BundleManifest,
  type LabImages,
  type LabImagesRequest,
  type ListedImage,
} from './images/index.ts';
export {
  compareSnapshots,
  foreignPods,
  restoreNode,
  reviveNodes,
  settledResidue,
  takeSnapshot,
  type LabSnapshot,
  type NodeSnapshot,
  type Residue,
  type RestoreOutcome,
} from './snapshot/index.ts';
export { clusterIdOf, loadFreshPicture, type FreshPicture } from './fresh-picture.ts';
export { unready } from './wait-ready.ts';
export { proveEgressGuard, type EgressProof } from './egress/index.ts';
