import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { printJson } from '../event/json.ts';
import { parseAccounts, type AccountNames } from '../enrich/accounts.ts';
import { PodIndex } from '../enrich/pod-index.ts';
import { watchPods, type ApiAccess } from '../enrich/pod-watch.ts';
import { readSyscallField } from '../enrich/syscall-event.ts';
import { AlertCounts } from '../output/alert-counts.ts';
import { AlertStore } from '../output/alert-store.ts';
import { Histogram } from '../output/histogram.ts';
import { Latencies } from '../output/latencies.ts';
import { Outputs } from '../output/outputs.ts';
import { sinkFor } from '../output/sink-for.ts';
import { tailAudit } from '../source/audit-tail.ts';
import { serveAuditWebhook, type AuditWebhook } from '../source/audit-webhook.ts';
import { encodeConfigure, encodeSnapshotRequest } from '../source/messages.ts';
import { linkSensor } from '../source/sensor-link.ts';
import { readWebhookSettings } from './audit-webhook-settings.ts';
import { serveChannel } from './channel-server.ts';
import { loadConfiguration, type Configuration, type ConfigurationPlaces } from './configuration.ts';
import { Incidents } from './incidents.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { LoopbackServer } from './loopback-server.ts';
import { LATENCY_BOUNDS_S, metricsText } from './metrics.ts';
import { Pipeline } from './pipeline.ts';
import { problemsIn, statsFrom, type DetectorStats } from './report.ts';
import { requestFor } from './sensor-request.ts';
import type { Settings } from './settings.ts';
import { answerWhy } from './why-answer.ts';

const KEPT = { maxAlerts: 10_000, maxBytes: 8 * 1024 * 1024 };
const REVIEW_MS = 50;
const HELD_BACK_REPORT_MS = 10_000;

/** What a running engine is told by signals. */
export interface DetectorControls {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Registers what loads configuration and rules again. */
  readonly onReload: (reload: () => void) => void;
  /** Registers what begins the files of outputs again. */
  readonly onReopen: (reopen: () => void) => void;
}

/** Runs the engine until the signal; throws when it cannot begin (rules that do not load, a socket that cannot be made). */
export async function runDetector(settings: Settings, controls: DetectorControls): Promise<void> {
  const { signal } = controls;
  const clock = systemClock;
  const startedAtMs = clock.now().getTime();
  const incidents = new Incidents(() => clock.now());
  const run = randomUUID();
  const first = await firstConfiguration(settings);
  let current = first;
  let engine = engineFor(current, settings);
  const store = new AlertStore(KEPT);
  const latencies = new Latencies();
  const latencySeconds = new Histogram(LATENCY_BOUNDS_S);
  const counts = new AlertCounts();
  const pods = new PodIndex();
  const api = await apiAccess(settings);
  const outputs = new Outputs({
    node: settings.nodeName,
    clock,
    sinkFor: (config) => sinkFor(config, { api, uidOf: (namespace, pod) => pods.uidOf(namespace, pod) }),
  });
  outputs.replace(first.config.outputs);
  let sensorTrouble: string | undefined;
  let isConnected = false;

  const pipeline = new Pipeline({
    engine,
    nodeName: settings.nodeName,
    clock,
    pods,
    users: await accounts(settings.passwdFile),
    groups: await accounts(settings.groupFile),
    hostNames: hostNames(settings),
    nextSequence: () => store.next,
    incidents,
    onAlert: (document) => {
      store.add(printJson(document));
      outputs.offer(document);
      counts.add(document);
      latencies.add(document.latencyMs);
      latencySeconds.add(document.latencyMs / 1000);
    },
    onTreeIncomplete: () => sensor.send(encodeSnapshotRequest()),
  });
  const sensor = linkSensor({
    socketPath: settings.sensorSocket,
    clock,
    signal,
    onMessage: (message) => {
      pipeline.accept(message);
    },
    onConnect: () => {
      isConnected = true;
      sensorTrouble = undefined;
      return [encodeConfigure(requestFor(current.ruleset, engine))];
    },
    onTrouble: (why) => {
      isConnected = false;
      sensorTrouble = why;
      pipeline.disconnect();
    },
  });
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
  const audit = tailAudit({
    path: settings.auditLog,
    clock,
    signal,
    onEvent: (event) => {
      pipeline.acceptAudit(event);
    },
    onLost: (why) => {
      incidents.lost(1, why);
    },
  });

  const webhook = await startWebhook(settings, pipeline, incidents, signal);

  const stats = (): DetectorStats =>
    statsFrom({
      node: settings.nodeName,
      run,
      startedAtMs,
      incidents: incidents.list(),
      rules: current.rules,
      reload: live.stats(),
      outputs: outputs.stats(),
      isConnected,
      sensorTrouble,
      pipeline: pipeline.stats(),
      pods: watch.stats(),
      // Other nodes have no log, and no trouble with it either.
      audit: pods.hasApiServer() ? audit.stats() : undefined,
      auditWebhook: webhook?.stats(),
      alerts: { raised: store.next - 1, oldestKept: store.oldest },
      latency: latencies.summary(),
      engineRssBytes: process.memoryUsage.rss(),
    });
  const problems = (): readonly string[] => problemsIn(stats(), pipeline.stats().isTreeComplete);
  const metrics = (): string =>
    metricsText({
      stats: stats(),
      isHealthy: problems().length === 0,
      alerts: counts.list(),
      latency: latencySeconds.snapshot(),
    });
  const loopback = new LoopbackServer({ problems, metrics }, log);
  loopback.set(first.config.listen);
  const live = new LiveConfiguration({
    places: settings,
    first,
    clock,
    signal,
    onLog: log,
    // All of it in one turn: no event comes between the new rules and the new outputs.
    onTaken: (configuration) => {
      current = configuration;
      engine = engineFor(configuration, settings);
      pipeline.replaceEngine(engine);
      sensor.send(encodeConfigure(requestFor(current.ruleset, engine)));
      outputs.replace(configuration.config.outputs);
      loopback.set(configuration.config.listen);
    },
  });
  controls.onReload(() => void live.reload());
  controls.onReopen(() => outputs.reopen());
  const server = await serveChannel({
    socketPath: settings.channelSocket,
    run,
    node: settings.nodeName,
    store,
    stats,
    reload: () => live.stats(),
    problems,
    metrics,
    why: (question) => answerWhy(settings.nodeName, current.ruleset, pipeline.recentEvents(), question),
  });
  const review = setInterval(() => {
    pipeline.review();
  }, REVIEW_MS);
  const heldBack = setInterval(() => {
    outputs.reportHeldBack();
  }, HELD_BACK_REPORT_MS);

  await Promise.all([sensor.finished, watch.finished, audit.finished, webhook?.finished, live.finished]);
  clearInterval(review);
  clearInterval(heldBack);
  loopback.close();
  server.closeAllConnections();
  server.close();
  await outputs.close();
}

async function firstConfiguration(places: ConfigurationPlaces): Promise<Configuration> {
  const loaded = await loadConfiguration(places);
  if (loaded.ok) return loaded.configuration;
  throw new Error(`the configuration or its rules do not load\n${loaded.problems.join('\n')}`);
}

function engineFor({ ruleset, config }: Configuration, { nodeName }: Settings): Engine {
  return createEngine({
    ruleset,
    hostname: nodeName,
    readField: readSyscallField,
    matching: config.ruleMatching,
  });
}

/** Stdout is an output's. */
function log(line: string): void {
  process.stderr.write(`detector: ${line}\n`);
}

/** A webhook that cannot be served ends the engine: who asked for it relies on it. */
async function startWebhook(
  { auditWebhook }: Settings,
  pipeline: Pipeline,
  incidents: Incidents,
  signal: AbortSignal,
): Promise<AuditWebhook | undefined> {
  if (auditWebhook === undefined) return undefined;
  return serveAuditWebhook({
    ...(await readWebhookSettings(auditWebhook)),
    onEvents: (body) => {
      pipeline.acceptAudit(body);
    },
    onLost: (why) => {
      incidents.lost(1, why);
    },
    signal,
  });
}

/** No accounts are better than no detector: their names are then missing. */
async function accounts(file: string): Promise<AccountNames> {
  return parseAccounts(await readFile(file, 'utf8').catch(() => ''));
}

/** The one name that rules ask for: the API server's, which every cluster has by this name. */
function hostNames({ apiService }: Settings): ReadonlyMap<string, string> {
  return new Map(apiService === undefined ? [] : [[apiService, 'kubernetes.default.svc.cluster.local']]);
}

async function apiAccess({ apiServer, serviceAccountFolder }: Settings): Promise<ApiAccess> {
  return {
    ...apiServer,
    ca: await readFile(join(serviceAccountFolder, 'ca.crt'), 'utf8'),
    token: async () => (await readFile(join(serviceAccountFolder, 'token'), 'utf8')).trim(),
  };
}
