import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { systemClock, type Clock } from '../../core/clock.ts';
import { PodIndex } from '../enrich/pod-index.ts';
import type { ApiAccess } from '../enrich/pod-watch.ts';
import type { AlertDocument } from '../output/alert-document.ts';
import { Outputs } from '../output/outputs.ts';
import { sinkFor } from '../output/sink-for.ts';
import { encodeReadAccounts } from '../source/accounts-frames.ts';
import { encodeSnapshotRequest } from '../source/messages.ts';
import { AlertLedger } from './alert-ledger.ts';
import { serveChannel } from './channel-server.ts';
import { loadConfiguration, type Configuration, type ConfigurationPlaces } from './configuration.ts';
import { Incidents } from './incidents.ts';
import { LiveConfiguration } from './live-configuration.ts';
import { LossWatch } from './loss-watch.ts';
import { LoopbackServer } from './loopback-server.ts';
import { Pipeline } from './pipeline.ts';
import { RulesInForce } from './rules-in-force.ts';
import { SelfReport } from './self-report.ts';
import type { Settings } from './settings.ts';
import { openSources, type Sources } from './sources.ts';
import { apiAccess, hostNames, readAccounts } from './surroundings.ts';
import { answerWhy } from './why-answer.ts';

const REVIEW_MS = 50;
const HELD_BACK_REPORT_MS = 10_000;
const LOSSES_MS = 1_000;

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
  const startedAtMs = systemClock.now().getTime();
  const rules = new RulesInForce(await firstConfiguration(settings), settings.nodeName);
  const core = await assemble(settings, rules, (request) => sources.sensor.send(request));
  const sources = await openSources({ ...core, settings, signal, sensorRequest: () => rules.sensorRequest() });
  const live = new LiveConfiguration({
    places: settings,
    first: rules.configuration,
    clock: core.clock,
    signal,
    onLog: log,
    onTaken: (configuration) => {
      takeOver(configuration, { rules, core, sources, loopback });
    },
  });
  const run = randomUUID();
  const report = new SelfReport({ ...core, node: settings.nodeName, run, startedAtMs, rules, sources, live });
  const status = { problems: () => report.problems(), metrics: () => report.metrics() };
  const loopback = new LoopbackServer(status, log);
  loopback.set(rules.configuration.config.listen);
  controls.onReload(() => void live.reload());
  controls.onReopen(() => core.outputs.reopen());
  const server = await serveChannel({
    ...status,
    socketPath: settings.channelSocket,
    run,
    node: settings.nodeName,
    store: core.ledger.store,
    stats: () => report.stats(),
    reload: () => live.stats(),
    why: (question) =>
      answerWhy(settings.nodeName, rules.configuration.ruleset, core.pipeline.recentEvents(), question),
  });
  const stopTimers = startTimers(core);

  await Promise.all([sources.finished, live.finished]);
  stopTimers();
  loopback.close();
  hangUp(server);
  await core.outputs.close();
}

async function firstConfiguration(places: ConfigurationPlaces): Promise<Configuration> {
  const loaded = await loadConfiguration(places);
  if (loaded.ok) return loaded.configuration;
  throw new Error(`the configuration or its rules do not load\n${loaded.problems.join('\n')}`);
}

/** What judges events and tells of alerts, without the sources that it needs to begin. */
interface Core {
  readonly clock: Clock;
  readonly incidents: Incidents;
  readonly ledger: AlertLedger;
  readonly pods: PodIndex;
  readonly api: ApiAccess;
  readonly outputs: Outputs;
  readonly pipeline: Pipeline;
  readonly losses: LossWatch;
}

async function assemble(
  settings: Settings,
  rules: RulesInForce,
  toSensor: (request: Buffer) => boolean,
): Promise<Core> {
  const clock = systemClock;
  const incidents = new Incidents(() => clock.now());
  const ledger = new AlertLedger();
  const pods = new PodIndex();
  const api = await apiAccess(settings);
  const outputs = new Outputs({
    node: settings.nodeName,
    clock,
    sinkFor: (config) => sinkFor(config, { api, uidOf: (namespace, pod) => pods.uidOf(namespace, pod) }),
  });
  outputs.replace(rules.configuration.config.outputs);
  const onAlert = (alert: AlertDocument): void => {
    ledger.add(alert);
    outputs.offer(alert);
  };
  const telling = { clock, incidents, nextSequence: () => ledger.store.next, onAlert };
  const pipeline = new Pipeline({
    ...telling,
    engine: rules.engine,
    nodeName: settings.nodeName,
    pods,
    users: await readAccounts(settings.passwdFile),
    groups: await readAccounts(settings.groupFile),
    hostNames: hostNames(settings),
    onAccountsWanted: (containerId) => toSensor(encodeReadAccounts(containerId)),
    onTreeIncomplete: () => {
      toSensor(encodeSnapshotRequest());
    },
  });
  const losses = new LossWatch({ ...telling, node: settings.nodeName, outputs: () => outputs.stats() });
  return { clock, incidents, ledger, pods, api, outputs, pipeline, losses };
}

interface Governed {
  readonly rules: RulesInForce;
  readonly core: Core;
  readonly sources: Sources;
  readonly loopback: LoopbackServer;
}

/** All of it in one turn: no event comes between the new rules and the new outputs. */
function takeOver(configuration: Configuration, { rules, core, sources, loopback }: Governed): void {
  rules.replace(configuration);
  core.pipeline.replaceEngine(rules.engine);
  sources.sensor.send(rules.sensorRequest());
  core.outputs.replace(configuration.config.outputs);
  loopback.set(configuration.config.listen);
}

/** Answers what stops them. */
function startTimers({ pipeline, outputs, losses }: Core): () => void {
  const timers = [
    setInterval(() => pipeline.review(), REVIEW_MS),
    setInterval(() => outputs.reportHeldBack(), HELD_BACK_REPORT_MS),
    setInterval(() => losses.look(), LOSSES_MS),
  ];
  return () => {
    timers.forEach(clearInterval);
  };
}

function hangUp(server: Server): void {
  server.closeAllConnections();
  server.close();
}

/** Stdout is an output's. */
function log(line: string): void {
  process.stderr.write(`detector: ${line}\n`);
}
