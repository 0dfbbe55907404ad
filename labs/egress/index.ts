export {
  egressGuardStatus,
  installEgressGuard,
  removeEgressGuard,
  type EgressGuardStatus,
  type GuardRequest,
} from './guard.ts';
export type { FamilyGuard, GuardedNetwork } from './guard-plan.ts';
export type { EgressDeps } from './host-shell.ts';
export { proveEgressGuard, type EgressProof, type RefusedPacket } from './proof.ts';
