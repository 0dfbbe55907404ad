import { messageOf, systemClock, type Channel, type Clock, type NodeHandle } from '../core/index.ts';
import { CHANNEL_SOCKET } from './addon/paths.ts';
import type { DetectorStats } from './app/report.ts';
import type { AlertDocument } from './output/alert-document.ts';

/** What of a lab is needed to talk to its detectors. */
export interface DetectorLab {
  readonly nodes: readonly NodeHandle[];
  readonly channel: Channel;
}

/** How far a reader has come on each node, by node name. */
export type AlertCursor = Readonly<Record<string, { readonly run: string; readonly sequence: number }>>;

/** Something that makes it uncertain whether all alerts were seen: a grade is then inconclusive, not failed. */
export interface Uncertainty {
  readonly node: string;
  readonly kind: 'unreachable' | 'restarted' | 'gap' | 'silent';
  readonly says: string;
}

/** News of a node's configuration: a new one was taken, or refused with the reason. Alerts are as reliable as before. */
export interface ConfigurationNews {
  readonly node: string;
  readonly says: string;
}

export interface AlertPage {
  /** Of all nodes, in the order of their events. */
  readonly alerts: readonly AlertDocument[];
  /** To be passed as `since` the next time. */
  readonly cursor: AlertCursor;
  readonly uncertain: readonly Uncertainty[];
  /** Of the nodes that do not run the newest configuration, why. */
  readonly refused: readonly ConfigurationNews[];
}

interface NodeAlerts {
  readonly run: string;
  readonly node: string;
  readonly oldest: number;
  readonly next: number;
  readonly alerts: readonly AlertDocument[];
  /** Counts the configurations that were taken. */
  readonly generation: number;
  readonly refusal?: string;
}

/** A heartbeat comes once a second. */
const HEARTBEAT_LIMIT_MS = 3_000;
const FOLLOW_WAIT_MS = 5_000;
const RETRY_MS = 1_000;

/**
 * The alerts of all nodes since the cursor; without one, all that are still kept. Never fails: a node that does not
 * answer is an uncertainty, and keeps its place in the cursor.
 */
export async function readAlerts(lab: DetectorLab, since: AlertCursor = {}): Promise<AlertPage> {
  const pages = await Promise.all(lab.nodes.map((node) => readNode(lab.channel, node, since[node.name], 0)));
  return mergePages(pages);
}

/** The state of each node's detector, or why it does not answer. */
export async function detectorStats(
  lab: DetectorLab,
): Promise<readonly { readonly node: string; readonly stats?: DetectorStats; readonly why?: string }[]> {
  return Promise.all(
    lab.nodes.map(async (node) => {
      try {
        return { node: node.name, stats: await ask<DetectorStats>(lab.channel, node, '/stats') };
      } catch (error) {
        return { node: node.name, why: messageOf(error) };
      }
    }),
  );
}

export interface FollowOptions {
  readonly onAlert: (alert: AlertDocument) => void;
  readonly onUncertain: (uncertainty: Uncertainty) => void;
  readonly onNews: (news: ConfigurationNews) => void;
  readonly signal: AbortSignal;
  /** Default: only what comes from now on. */
  readonly since?: AlertCursor;
  readonly clock?: Clock;
}

/** Hands on alerts as they come, until the signal. Uncertainties are told when they begin, not again and again. */
export async function followAlerts(lab: DetectorLab, options: FollowOptions): Promise<void> {
  const since = options.since ?? (await readAlerts(lab)).cursor;
  await Promise.all(lab.nodes.map((node) => followNode(lab.channel, node, since[node.name], options)));
}

/** What a grade needs: the alerts since a time, and all that makes them unreliable. */
export interface DetectorSummary {
  readonly alerts: readonly {
    readonly rule: string;
    readonly priority: string;
    readonly source: string;
    readonly node: string;
    /** Wall clock of the event, milliseconds since 1970. */
    readonly timeMs: number;
    readonly latencyMs: number;
    /** The rule's output fields, and who and where by the usual field names. */
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
  /** Events that were lost in that time, over all nodes. */
  readonly drops: number;
  readonly gaps: readonly string[];
  /** Hash of the rules that each node's engine runs. */
  readonly rulesets: Readonly<Record<string, string>>;
}

/** Everything that happened since `sinceMs` (wall clock, milliseconds since 1970). */
export async function summarizeDetectors(lab: DetectorLab, sinceMs: number): Promise<DetectorSummary> {
  const [page, states] = await Promise.all([readAlerts(lab), detectorStats(lab)]);
  const stats = states.flatMap((state) => (state.stats === undefined ? [] : [state.stats]));
  const incidents = stats.flatMap(({ incidents }) => incidents).filter(({ timeMs }) => timeMs >= sinceMs);
  const uncertain = [...page.uncertain, ...states.flatMap((state) => uncertaintyOfState(state, sinceMs))];
  return {
    alerts: page.alerts.map(summaryOf).filter(({ timeMs }) => timeMs >= sinceMs),
    drops: incidents.reduce((sum, { count }) => sum + count, 0),
    gaps: [...new Set(uncertain.map(({ node, says }) => `${node}: ${says}`))],
    rulesets: Object.fromEntries(stats.map(({ node, rules }) => [node, rules.hash])),
  };
}

interface Page {
  readonly node: string;
  /** Undefined of a node that did not answer. */
  readonly configuration?: Pick<NodeAlerts, 'run' | 'generation' | 'refusal'>;
  readonly alerts: readonly AlertDocument[];
  readonly place: AlertCursor[string] | undefined;
  readonly uncertain: readonly Uncertainty[];
}

async function readNode(
  channel: Channel,
  node: NodeHandle,
  place: AlertCursor[string] | undefined,
  waitMs: number,
): Promise<Page> {
  try {
    const since = place?.sequence ?? 0;
    const answer = await askAlerts(channel, node, since, waitMs);
    if (place === undefined || answer.run === place.run) return pageOf(node, answer, since, place === undefined);
    // Another run numbers from 1 again: what was asked for is not what is missing.
    const all = pageOf(node, await askAlerts(channel, node, 0, 0), 0, true);
    const says = 'the engine was started again: alerts before that are lost';
    return { ...all, uncertain: [{ node: node.name, kind: 'restarted', says }, ...all.uncertain] };
  } catch (error) {
    const uncertain: Uncertainty = { node: node.name, kind: 'unreachable', says: messageOf(error) };
    return { node: node.name, alerts: [], place, uncertain: [uncertain] };
  }
}

function pageOf(node: NodeHandle, answer: NodeAlerts, since: number, isFirst: boolean): Page {
  const { run, next, alerts } = answer;
  const missing = missingNumbers(alerts, isFirst ? (alerts[0]?.sequence ?? next) - 1 : since, next);
  const says = `alerts missing in the sequence: ${String(missing)}`;
  return {
    node: node.name,
    alerts,
    place: { run, sequence: next - 1 },
    configuration: answer,
    uncertain: missing === 0 ? [] : [{ node: node.name, kind: 'gap', says }],
  };
}

/** How many of the numbers after `since` and before `next` no alert has. */
function missingNumbers(alerts: readonly AlertDocument[], since: number, next: number): number {
  const seen = new Set(alerts.map(({ sequence }) => sequence));
  return Math.max(0, next - 1 - since) - seen.size;
}

function mergePages(pages: readonly Page[]): AlertPage {
  return {
    alerts: pages.flatMap(({ alerts }) => alerts).sort((a, b) => Number(BigInt(a.monotonicNs) - BigInt(b.monotonicNs))),
    cursor: Object.fromEntries(
      pages.flatMap(({ node, place }) => (place === undefined ? [] : [[node, place] as const])),
    ),
    uncertain: pages.flatMap(({ uncertain }) => uncertain),
    refused: pages.flatMap(({ node, configuration }) =>
      configuration?.refusal === undefined ? [] : [{ node, says: configuration.refusal }],
    ),
  };
}

async function followNode(
  channel: Channel,
  node: NodeHandle,
  from: AlertCursor[string] | undefined,
  { signal, onAlert, onUncertain, onNews, clock = systemClock }: FollowOptions,
): Promise<void> {
  let place = from;
  let told = '';
  let known: Page['configuration'];
  while (!signal.aborted) {
    const page = await readNode(channel, node, place, FOLLOW_WAIT_MS);
    place = page.place;
    for (const alert of page.alerts) onAlert(alert);
    const [first] = page.uncertain;
    if (first !== undefined && first.says !== told) for (const one of page.uncertain) onUncertain(one);
    told = first?.says ?? '';
    for (const says of newsOf(known, page.configuration)) onNews({ node: node.name, says });
    known = page.configuration ?? known;
    if (first?.kind === 'unreachable') await clock.sleep(RETRY_MS, signal).catch(() => undefined);
  }
}

/** What has changed since the answer before; a refusal from before the first answer is told by whoever read it. */
function newsOf(before: Page['configuration'], now: Page['configuration']): readonly string[] {
  if (before === undefined || now === undefined || before.run !== now.run) return [];
  if (now.refusal !== undefined) return now.refusal === before.refusal ? [] : [now.refusal];
  return now.generation > before.generation ? ['a new configuration was taken'] : [];
}

function uncertaintyOfState(
  { node, stats, why }: { readonly node: string; readonly stats?: DetectorStats; readonly why?: string },
  sinceMs: number,
): readonly Uncertainty[] {
  if (stats === undefined) return [{ node, kind: 'unreachable', says: why ?? 'no answer' }];
  const { heartbeatAgeMs: age, isConnected } = stats.sensor;
  const isBeating = isConnected && age !== undefined && age <= HEARTBEAT_LIMIT_MS;
  const beat = age === undefined ? 'never' : `${String(Math.round(age))} ms ago`;
  const facts: readonly (readonly [Uncertainty['kind'], string])[] = [
    ...(stats.startedAtMs > sinceMs ? [['restarted', 'the engine was started after that time'] as const] : []),
    ...(isBeating ? [] : [['silent', `the sensor's last heartbeat: ${beat}`] as const]),
    ...(stats.audit?.trouble === undefined
      ? []
      : [['silent', `the audit log is not being read: ${stats.audit.trouble}`] as const]),
    ...stats.incidents
      .filter(({ kind, timeMs }) => kind === 'blind' && timeMs >= sinceMs)
      .map(({ says }) => ['silent', says] as const),
  ];
  return facts.map(([kind, says]) => ({ node, kind, says }));
}

/** Parts of the attribution under the names that rules give them. */
function attributedFields({ source, attribution }: AlertDocument): Readonly<Record<string, unknown>> {
  const { namespace, pod, container, user } = attribution;
  const fields =
    source === 'k8s_audit'
      ? { 'ka.target.namespace': namespace, 'ka.target.pod.name': pod, 'ka.user.name': user }
      : { 'k8s.ns.name': namespace, 'k8s.pod.name': pod, 'container.name': container, 'user.name': user };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function summaryOf(alert: AlertDocument): DetectorSummary['alerts'][number] {
  return {
    rule: alert.rule,
    priority: alert.priority,
    source: alert.source,
    node: alert.attribution.node,
    timeMs: Date.parse(alert.time.replace(/(\.\d{3})\d*/, '$1')),
    latencyMs: alert.latencyMs,
    fields: { ...attributedFields(alert), ...alert.output_fields },
  };
}

function askAlerts(channel: Channel, node: NodeHandle, since: number, waitMs: number): Promise<NodeAlerts> {
  return ask<NodeAlerts>(channel, node, `/alerts?since=${String(since)}&waitMs=${String(waitMs)}`, waitMs);
}

function ask<T>(channel: Channel, node: NodeHandle, path: string, waitMs = 0): Promise<T> {
  return channel.request<T>({ node, socket: CHANNEL_SOCKET, method: 'GET', path, timeoutMs: waitMs + 5_000 });
}
