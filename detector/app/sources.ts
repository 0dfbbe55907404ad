import type { Clock } from '../../core/clock.ts';
import type { PodIndex } from '../enrich/pod-index.ts';
import { watchPods, type ApiAccess, type PodWatch } from '../enrich/pod-watch.ts';
import { tailAudit, type AuditTail } from '../source/audit-tail.ts';
import { serveAuditWebhook, type AuditWebhook } from '../source/audit-webhook.ts';
import { linkSensor, type SensorLink } from '../source/sensor-link.ts';
import { readWebhookSettings } from './audit-webhook-settings.ts';
import type { Incidents } from './incidents.ts';
import type { Pipeline } from './pipeline.ts';
import type { Settings } from './settings.ts';

export interface SourcesOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly api: ApiAccess;
  readonly pods: PodIndex;
  readonly pipeline: Pipeline;
  readonly incidents: Incidents;
  /** What a sensor is asked for as soon as it is there. */
  readonly sensorRequest: () => Buffer;
}

/** Everything that events and facts come from. */
export interface Sources {
  readonly sensor: ConnectedSensor;
  readonly pods: PodWatch;
  /** Undefined where events come by the webhook alone. */
  readonly audit: AuditTail | undefined;
  readonly auditWebhook: AuditWebhook | undefined;
  /** Ends when the signal does, and not before. */
  readonly finished: Promise<unknown>;
}

export interface ConnectedSensor extends SensorLink {
  readonly isConnected: boolean;
  /** Why there is no connection; undefined while there is one, and before the first try. */
  readonly trouble: string | undefined;
}

/** Opens the sources of the pipeline; rejects when the webhook was asked for and cannot be served. */
export async function openSources(options: SourcesOptions): Promise<Sources> {
  const { settings, clock, signal, api, pods, pipeline } = options;
  // First, as it has to be waited for: from here on all sources are there before any of them brings something.
  const auditWebhook = await startWebhook(options);
  const sensor = connectSensor(options);
  const watch = watchPods({
    api,
    nodeName: settings.nodeName,
    index: pods,
    clock,
    signal,
    onChange: () => {
      pipeline.review();
    },
  });
  const audit = followLog(options);
  const finished = Promise.all([sensor.finished, watch.finished, audit?.finished, auditWebhook?.finished]);
  return { sensor, pods: watch, audit, auditWebhook, finished };
}

function connectSensor({ settings, clock, signal, pipeline, sensorRequest }: SourcesOptions): ConnectedSensor {
  const state: { isConnected: boolean; trouble: string | undefined } = { isConnected: false, trouble: undefined };
  const link = linkSensor({
    socketPath: settings.sensorSocket,
    clock,
    signal,
    onMessage: (message) => {
      pipeline.accept(message);
    },
    onConnect: () => {
      Object.assign(state, { isConnected: true, trouble: undefined });
      return [sensorRequest()];
    },
    onTrouble: (trouble) => {
      Object.assign(state, { isConnected: false, trouble });
      pipeline.disconnect();
    },
  });
  return {
    ...link,
    get isConnected() {
      return state.isConnected;
    },
    get trouble() {
      return state.trouble;
    },
  };
}

function followLog({ settings, clock, signal, pipeline, incidents }: SourcesOptions): AuditTail | undefined {
  if (settings.auditLog === undefined) return undefined;
  return tailAudit({
    path: settings.auditLog,
    clock,
    signal,
    onEvent: (event) => {
      pipeline.acceptAudit(event);
    },
    onLost: (why) => {
      incidents.note('auditLost', 1, why);
    },
  });
}

/** A webhook that cannot be served ends the engine: who asked for it relies on it. */
async function startWebhook({
  settings: { auditWebhook },
  pipeline,
  incidents,
  signal,
}: SourcesOptions): Promise<AuditWebhook | undefined> {
  if (auditWebhook === undefined) return undefined;
  return serveAuditWebhook({
    ...(await readWebhookSettings(auditWebhook)),
    onEvents: (body) => {
      pipeline.acceptAudit(body);
    },
    onLost: (why) => {
      incidents.note('auditLost', 1, why);
    },
    signal,
  });
}
