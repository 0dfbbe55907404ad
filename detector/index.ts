export { addon } from './addon.ts';
export { AUDIT_WEBHOOK_URL, type AuditSources, type WebhookServer } from './addon/audit-webhook.ts';
export {
  detectorStats,
  followAlerts,
  readAlerts,
  type AlertCursor,
  type AlertPage,
  type ConfigurationNews,
  type DetectorLab,
  type FollowOptions,
  type Uncertainty,
} from './client.ts';
export { summarizeDetectors, type DetectorSummary, type Shortfall } from './summary.ts';
export type { AlertDocument, Attribution } from './output/alert-document.ts';
export type { DetectorStats, Drops } from './app/report.ts';
export type { Incident } from './app/incidents.ts';
export { LOSS_CAUSES, type GradeEffect, type LossCause } from './app/loss-causes.ts';
export { findFields, type FieldList, type FieldQuery } from './fields.ts';
export type { ListedField } from './event/field-list.ts';
export {
  filterBatch,
  filterEvents,
  replay,
  validateRules,
  type BatchResult,
  type ReplayOptions,
  type ValidationReport,
} from './replay.ts';
export { record, type RecordOptions } from './recording/record.ts';
export type { RecordingOptions } from './recording/recorded-events.ts';
export { testRules, type RuleTestOptions, type RuleTestReport } from './test-rules.ts';
export type { RuleTestResult } from './ruletest/rule-tests.ts';
export type { Coverage, RuleCoverage, UntriedCheck } from './ruletest/coverage.ts';
export { explainLive, type LiveWhyReport, type Seen } from './why-live.ts';
export { explainRule, type WhyOptions, type WhyReport } from './why.ts';
export type { ExplainedEvent, FulfilledEvent } from './explain/inquiry.ts';
export type { Obstacle } from './explain/obstacles.ts';
export type { Reason } from './explain/reasons.ts';
export type { Explained, SeenField, Verdict } from './explain/types.ts';
export { alertJson, replayJson, type Alert, type Priority } from './alert/index.ts';
export type { Diagnostic } from './ruleset/index.ts';
