import type { AuditStats } from '../source/audit-tail.ts';
import type { AuditWebhookStats } from '../source/audit-webhook.ts';
import type { EventSource } from '../event/types.ts';
import type { PodWatchStats } from '../enrich/pod-watch.ts';
import type { OutputStats } from '../output/output.ts';
import type { Incident, LossTotals } from './incidents.ts';
import type { ReloadStats } from './live-configuration.ts';
import type { PipelineStats } from './pipeline.ts';
import { SILENCE_MS } from './sensor-watch.ts';

/** Everything that the engine tells about itself, as `GET /stats` answers it. */
export interface DetectorStats {
  readonly node: string;
  /** Another run means that sequence numbers have begun again. */
  readonly run: string;
  /** Wall clock, milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly rules: {
    readonly hash: string;
    readonly loaded: number;
    readonly enabled: number;
    /** The source of each enabled rule, by its name. */
    readonly sources: Readonly<Record<string, EventSource>>;
    /** What the loader had to say, e.g. of rules that need what the sensor does not see. */
    readonly warnings: readonly string[];
  };
  readonly reload: ReloadStats;
  readonly outputs: readonly OutputStats[];
  readonly sensor: {
    readonly isConnected: boolean;
    /** Absent until the first heartbeat. */
    readonly heartbeatAgeMs?: number;
    readonly hooks?: 'single' | 'all';
    readonly trouble?: string;
    /** Size of the filter of opens that the kernel has; 0: it has none, and all opens make records. Absent until the first heartbeat. */
    readonly filterStates?: number;
  };
  readonly pods: PodWatchStats;
  /** Absent on nodes without an API server. */
  readonly audit?: AuditStats;
  /** Requests to the webhook by outcome; absent where it is off. */
  readonly auditWebhook?: AuditWebhookStats;
  readonly events: {
    readonly syscall: number;
    readonly k8sAudit: number;
    /** Audit events that came by a second way as well, and were judged once. */
    readonly k8sAuditRepeated: number;
    /** Opens that the kernel kept back, as no rule could match them. */
    readonly opensKeptBack: number;
    readonly emitted: Readonly<Record<string, number>>;
  };
  readonly alerts: { readonly raised: number; readonly oldestKept: number };
  readonly latency: { readonly count: number; readonly p50Ms: number | null; readonly p99Ms: number | null };
  readonly processes: number;
  /** Events waiting for a fact right now. */
  readonly undecided: number;
  readonly drops: Drops;
  /** The latest holes in what was seen, the oldest first. */
  readonly incidents: readonly Incident[];
  readonly memory: { readonly engineRssBytes: number; readonly sensorRssBytes: number };
}

/** Losses by cause (loss-causes.ts), since the start of engine or sensor, and what else was incomplete. */
export interface Drops extends LossTotals {
  readonly auditBadJson: number;
  readonly auditOverlong: number;
  /** Records with a string that was cut, whether any rule looks at such calls or not. */
  readonly truncatedRecords: number;
  readonly unreadableRecords: number;
  readonly unknownProcesses: number;
}

export interface ReportInput {
  readonly node: string;
  readonly run: string;
  readonly startedAtMs: number;
  readonly rules: DetectorStats['rules'];
  readonly isConnected: boolean;
  readonly sensorTrouble: string | undefined;
  readonly pipeline: PipelineStats;
  readonly pods: PodWatchStats;
  readonly audit: AuditStats | undefined;
  readonly auditWebhook: AuditWebhookStats | undefined;
  readonly alerts: DetectorStats['alerts'];
  readonly latency: DetectorStats['latency'];
  readonly incidents: readonly Incident[];
  readonly losses: LossTotals;
  readonly engineRssBytes: number;
  readonly reload: ReloadStats;
  readonly outputs: readonly OutputStats[];
}

export function statsFrom(input: ReportInput): DetectorStats {
  const { pipeline, audit } = input;
  const { sensor, hello, heartbeatAgeMs } = pipeline;
  return {
    node: input.node,
    run: input.run,
    startedAtMs: input.startedAtMs,
    rules: input.rules,
    reload: input.reload,
    outputs: input.outputs,
    sensor: {
      isConnected: input.isConnected,
      ...(heartbeatAgeMs === undefined ? {} : { heartbeatAgeMs }),
      ...(hello === undefined ? {} : { hooks: hello.hooks }),
      ...(input.sensorTrouble === undefined ? {} : { trouble: input.sensorTrouble }),
      ...(sensor === undefined ? {} : { filterStates: sensor.filterStates }),
    },
    pods: input.pods,
    ...(audit === undefined ? {} : { audit }),
    ...(input.auditWebhook === undefined ? {} : { auditWebhook: input.auditWebhook }),
    events: {
      syscall: pipeline.events,
      k8sAudit: pipeline.auditEvents,
      k8sAuditRepeated: pipeline.auditRepeated,
      opensKeptBack: sensor?.opensKeptBack ?? 0,
      emitted: sensor?.emitted ?? {},
    },
    alerts: input.alerts,
    latency: input.latency,
    processes: pipeline.processes,
    undecided: pipeline.undecided,
    drops: {
      ...input.losses,
      // The sensor's own number: it counts on while no engine is connected.
      ringFull: sensor?.droppedRingFull ?? 0,
      auditBadJson: audit?.badJson ?? 0,
      auditOverlong: (audit?.overlong ?? 0) + (audit?.tooHeavy ?? 0),
      truncatedRecords: sensor?.truncated ?? 0,
      unreadableRecords: sensor?.unreadable ?? 0,
      unknownProcesses: pipeline.unknownProcesses,
    },
    incidents: input.incidents,
    memory: { engineRssBytes: input.engineRssBytes, sensorRssBytes: sensor?.rssBytes ?? 0 },
  };
}

/** What the numbers do not say. */
export interface Circumstances {
  readonly isTreeComplete: boolean;
  /** Whether the node runs an API server. */
  readonly hasApiServer: boolean;
}

/** Why the detector cannot be trusted to see everything right now; empty when it can. */
export function problemsIn(stats: DetectorStats, { isTreeComplete, hasApiServer }: Circumstances): readonly string[] {
  const { sensor, pods, audit, reload } = stats;
  const age = sensor.heartbeatAgeMs;
  return [
    ...(sensor.isConnected ? [] : [`no connection to the sensor: ${sensor.trouble ?? 'not yet tried'}`]),
    ...(age === undefined ? ['no heartbeat of the sensor yet'] : []),
    ...(age !== undefined && age > SILENCE_MS
      ? [`the sensor's last heartbeat is ${(age / 1000).toFixed(1)} s old`]
      : []),
    ...(isTreeComplete ? [] : ['the existing processes are not read in yet']),
    ...(pods.isListed ? [] : [`the pods of the node are not known: ${pods.trouble ?? 'not yet asked'}`]),
    ...(audit?.trouble === undefined ? [] : [`the audit log is not being read: ${audit.trouble}`]),
    ...(hasApiServer && isDeaf(stats) ? [NOT_HEARD] : []),
    ...(reload.refusal === undefined ? [] : [reload.refusal.says]),
  ];
}

/**
 * Of an API server's node that has no log: whether the webhook has not brought a thing yet. An API server is never quiet for long, and whether it finds
 * the webhook shows in nothing else.
 */
export function isDeaf({ audit, auditWebhook }: Pick<DetectorStats, 'audit' | 'auditWebhook'>): boolean {
  return audit === undefined && auditWebhook?.accepted === 0;
}

export const NOT_HEARD = 'no audit events have come to the webhook yet';
