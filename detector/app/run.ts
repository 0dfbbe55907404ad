import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { createEngine } from '../engine/index.ts';
import { printJson } from '../event/json.ts';
import { parseAccounts, type AccountNames } from '../enrich/accounts.ts';
import { PodIndex } from '../enrich/pod-index.ts';
import { PROVIDED } from '../enrich/provided.ts';
import { watchPods, type ApiAccess } from '../enrich/pod-watch.ts';
import { readSyscallField } from '../enrich/syscall-event.ts';
import { AlertStore } from '../output/alert-store.ts';
import { Latencies } from '../output/latencies.ts';
import { LineOutput } from '../output/line-output.ts';
import { loadRules } from '../ruleset/index.ts';
import type { Diagnostic, RulesFile, Ruleset } from '../ruleset/types.ts';
import { tailAudit } from '../source/audit-tail.ts';
import { serveAuditWebhook, type AuditWebhook } from '../source/audit-webhook.ts';
import { encodeConfigure, encodeSnapshotRequest } from '../source/messages.ts';
import { linkSensor } from '../source/sensor-link.ts';
import { readWebhookSettings } from './audit-webhook-settings.ts';
import { serveChannel } from './channel-server.ts';
import { Incidents } from './incidents.ts';
import { Pipeline } from './pipeline.ts';
import { problemsIn, statsFrom, type DetectorStats } from './report.ts';
import { rulesHash } from './rules-hash.ts';
import { requestFor } from './sensor-request.ts';
import type { Settings } from './settings.ts';
import { answerWhy } from './why-answer.ts';

const KEPT = { maxAlerts: 10_000, maxBytes: 8 * 1024 * 1024 };
const REVIEW_MS = 50;

/** Runs the engine until the signal; throws when it cannot begin (rules that do not load, a socket that cannot be made). */
export async function runDetector(settings: Settings, signal: AbortSignal): Promise<void> {
  const clock = systemClock;
  const startedAtMs = clock.now().getTime();
  const incidents = new Incidents(() => clock.now());
  const run = randomUUID();
  const { ruleset, rules } = await loadFolder(settings.rulesFolder);
  const engine = createEngine({
    ruleset,
    hostname: settings.nodeName,
    readField: readSyscallField,
    // A challenge expects each of its alerts, so none may hide behind an earlier rule that matches the same event.
    matching: 'all',
  });
  const store = new AlertStore(KEPT);
  const latencies = new Latencies();
  const stdout = new LineOutput(process.stdout);
  const pods = new PodIndex();
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
      const line = printJson(document);
      store.add(line);
      stdout.write(line);
      latencies.add(document.latencyMs);
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
      return [encodeConfigure(requestFor(ruleset, engine))];
    },
    onTrouble: (why) => {
      isConnected = false;
      sensorTrouble = why;
      pipeline.disconnect();
    },
  });
  const watch = watchPods({
    api: await apiAccess(settings),
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
      rules,
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
      stdoutDropped: stdout.dropped,
    });
  const server = await serveChannel({
    socketPath: settings.channelSocket,
    run,
    node: settings.nodeName,
    store,
    stats,
    problems: () => problemsIn(stats(), pipeline.stats().isTreeComplete),
    why: (question) => answerWhy(settings.nodeName, ruleset, pipeline.recentEvents(), question),
  });
  const review = setInterval(() => {
    pipeline.review();
  }, REVIEW_MS);

  await Promise.all([sensor.finished, watch.finished, audit.finished, webhook?.finished]);
  clearInterval(review);
  server.closeAllConnections();
  server.close();
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

async function loadFolder(
  folder: string,
): Promise<{ readonly ruleset: Ruleset; readonly rules: DetectorStats['rules'] }> {
  const files = await readRules(folder);
  const { ruleset, errors, warnings } = loadRules(files, { provision: PROVIDED });
  if (ruleset === undefined) {
    throw new Error(`the rules do not load\n${errors.map(diagnosticLine).join('\n')}`);
  }
  return {
    ruleset,
    rules: {
      hash: rulesHash(files),
      loaded: ruleset.rules.length,
      enabled: ruleset.rules.filter((rule) => rule.enabled).length,
      warnings: warnings.map(diagnosticLine),
    },
  };
}

function diagnosticLine({ file, line, code, message }: Diagnostic): string {
  return `${file}:${String(line)}: ${code}: ${message}`;
}

async function readRules(folder: string): Promise<readonly RulesFile[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) throw new Error(`no rules in ${folder}`);
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(join(folder, name), 'utf8') })));
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
