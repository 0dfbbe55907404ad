export { startRefill, type RefillStart } from './background.ts';
export { fillPool, type FillOutcome } from './fill.ts';
export type { FillState } from './fill-state.ts';
export { endPool, makePool, poolStatus, refusePooledName, type PoolLab, type PoolStatus } from './pool.ts';
export type { PoolSettings } from './settings.ts';
export { takeFromPool } from './take.ts';
