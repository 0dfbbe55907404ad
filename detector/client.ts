import { messageOf, systemClock, type Channel, type Clock, type NodeHandle } from '../core/index.ts';
import { CHANNEL_SOCKET } from './addon/paths.ts';
import type { DetectorStats } from './app/report.ts';
import type { AlertDocument } from './output/alert-document.ts';
import { linkSessions, SessionLinks } from './session-links.ts';

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
  /** Of the nodes that have raised more alerts than they keep, the time before which they are gone. */
  readonly forgotten: readonly { readonly node: string; readonly before: string }[];
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
  // What runs in a pod is told by its node, and who opened the session by a control plane.
  const links = new SessionLinks();
  const onAlert = (alert: AlertDocument): void => {
    links.note([alert]);
    options.onAlert(links.link(alert));
  };
  await Promise.all(lab.nodes.map((node) => followNode(lab.channel, node, since[node.name], { ...options, onAlert })));
}

interface Page {
  readonly node: string;
  /** Undefined of a node that did not answer. */
  readonly configuration?: Pick<NodeAlerts, 'run' | 'generation' | 'refusal'>;
  readonly alerts: readonly AlertDocument[];
  readonly place: AlertCursor[string] | undefined;
  readonly uncertain: readonly Uncertainty[];
  /** The time of the oldest alert that is kept; undefined while all are. */
  readonly forgottenBefore?: string | undefined;
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
    forgottenBefore: isFirst && answer.oldest > 1 ? alerts[0]?.time : undefined,
  };
}

/** How many of the numbers after `since` and before `next` no alert has. */
function missingNumbers(alerts: readonly AlertDocument[], since: number, next: number): number {
  const seen = new Set(alerts.map(({ sequence }) => sequence));
  return Math.max(0, next - 1 - since) - seen.size;
}

function mergePages(pages: readonly Page[]): AlertPage {
  return {
    alerts: linkSessions(
      pages.flatMap(({ alerts }) => alerts).sort((a, b) => Number(BigInt(a.monotonicNs) - BigInt(b.monotonicNs))),
    ),
    cursor: Object.fromEntries(
      pages.flatMap(({ node, place }) => (place === undefined ? [] : [[node, place] as const])),
    ),
    uncertain: pages.flatMap(({ uncertain }) => uncertain),
    refused: pages.flatMap(({ node, configuration }) =>
      configuration?.refusal === undefined ? [] : [{ node, says: configuration.refusal }],
    ),
    forgotten: pages.flatMap(({ node, forgottenBefore: before }) => (before === undefined ? [] : [{ node, before }])),
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

function askAlerts(channel: Channel, node: NodeHandle, since: number, waitMs: number): Promise<NodeAlerts> {
  return ask<NodeAlerts>(channel, node, `/alerts?since=${String(since)}&waitMs=${String(waitMs)}`, waitMs);
}

function ask<T>(channel: Channel, node: NodeHandle, path: string, waitMs = 0): Promise<T> {
  return channel.request<T>({ node, socket: CHANNEL_SOCKET, method: 'GET', path, timeoutMs: waitMs + 5_000 });
}
