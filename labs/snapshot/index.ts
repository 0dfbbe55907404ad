export { compareSnapshots } from './compare.ts';
export { foreignPods } from './objects.ts';
export { settledResidue } from './residue.ts';
export { restoreNode, type RestoreOutcome } from './restore/restore-node.ts';
export { reviveNodes } from './restore/revive-nodes.ts';
export { takeSnapshot, type SnapshotSession } from './take-snapshot.ts';
export type { LabSnapshot, NodeSnapshot, Residue } from './types.ts';
