export { compareSnapshots } from './compare.ts';
export { settledResidue } from './residue.ts';
export { reviveNodes } from './restore/restore-configuration.ts';
export { restoreNode, type RestoreOutcome } from './restore/restore-node.ts';
export { isKubeProxyLine } from './rules/owners.ts';
export { takeSnapshot, type SnapshotSession } from './take-snapshot.ts';
export type { LabSnapshot, NodeSnapshot, Residue } from './types.ts';
