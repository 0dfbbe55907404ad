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
export type { MeterTransition, RecordType } from './agent/protocol.ts';
export { decodeAnswer, encodeQuery } from './agent/dns/message.ts';
export { cellsOf } from './requirements.ts';
export { explainCell, type Explanation } from './matrix/explain.ts';
export { cellName } from './matrix/find-cell.ts';
export { measureMatrix, type MatrixOptions } from './matrix/measure.ts';
export { readMeter, transitions, type MeterCursor, type Transitions } from './meter/read.ts';
export { startMeter, stopMeter } from './meter/start.ts';
export { standardPaths } from './meter/standard-paths.ts';
export { echoPodSpec } from './echo-pod.ts';
export { ECHO_COMMAND, OUTSIDE_PROBER_COMMAND } from './programs.ts';
export { parseSave, targetOf, type Chain, type RuleTable } from './rules/save-format.ts';
export { traceRequest, type TraceOptions } from './trace/trace.ts';
export type { Hop, Trace, TracedEndpoint } from './trace/types.ts';
export { isProxyChain } from './rules/proxy-chains.ts';
export { servicePorts, usedEndpoints, type ServicePort } from './rules/service-ports.ts';
export type { RuleDifference } from './rules/compare-rules.ts';
export { ruleDifferences, type NodeRuleDifferences } from './trace/compare-nodes.ts';
