export type {
  FailureClass,
  MatrixCell,
  MatrixReport,
  MeterPath,
  MeterReading,
  MeterTarget,
  Outage,
  ProbedLab,
  RequirementName,
  RequirementVerdict,
} from './types.ts';
export { addon } from './addon.ts';
export type { MeterTransition } from './agent/protocol.ts';
export { measureMatrix, type MatrixOptions } from './matrix/measure.ts';
export { readMeter, transitions, type MeterCursor, type Transitions } from './meter/read.ts';
export { startMeter, stopMeter } from './meter/start.ts';
export { standardPaths } from './meter/standard-paths.ts';
export { ECHO_COMMAND, OUTSIDE_PROBER_COMMAND } from './programs.ts';
