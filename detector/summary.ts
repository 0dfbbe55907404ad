import type { NodeRole } from '../core/index.ts';
import type { Incident } from './app/incidents.ts';
import { isDeaf, NOT_HEARD, type DetectorStats } from './app/report.ts';
import { detectorStats, readAlerts, type AlertPage, type DetectorLab, type Uncertainty } from './client.ts';
import type { AlertDocument } from './output/alert-document.ts';
import type { EventSource } from './event/types.ts';
import { INTERNAL_SOURCE } from './output/internal-alert.ts';

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
  /** The same by node and cause. */
  readonly losses: readonly Shortfall[];
  readonly gaps: readonly string[];
  /** What an expected alert may be missing for, though nothing was lost. */
  readonly excuses: readonly Shortfall[];
  /** The source of each rule that an engine runs, by the rule's name. */
  readonly sources: Readonly<Record<string, EventSource>>;
  /** Hash of the rules that each node's engine runs. */
  readonly rulesets: Readonly<Record<string, string>>;
}

/** Events of that time that were lost, or judged by less than they held. */
export interface Shortfall {
  readonly node: string;
  /** Of whose events; rules of another source have seen all. */
  readonly source?: EventSource;
  readonly says: string;
}

/** A heartbeat comes once a second. */
const HEARTBEAT_LIMIT_MS = 3_000;

/** Everything that happened since `sinceMs` (wall clock, milliseconds since 1970). */
export async function summarizeDetectors(lab: DetectorLab, sinceMs: number): Promise<DetectorSummary> {
  const [page, states] = await Promise.all([readAlerts(lab), detectorStats(lab)]);
  const stats = states.flatMap((state) => (state.stats === undefined ? [] : [state.stats]));
  const incidents = stats.flatMap(({ node, incidents }) => incidents.map((one) => ({ ...one, node })));
  const within = incidents.filter(({ timeMs }) => timeMs >= sinceMs);
  const lost = within.filter(({ grade, count }) => grade === 'voids' && count > 0);
  const roles = new Map(lab.nodes.map(({ name, role }) => [name, role]));
  const uncertain = [
    ...page.uncertain,
    ...states.flatMap((state) => uncertaintyOfState({ ...state, role: roles.get(state.node) }, sinceMs)),
  ];
  return {
    alerts: page.alerts
      // What a detector says of itself is nobody's act.
      .filter(({ source }) => source !== INTERNAL_SOURCE)
      .map(summaryOf)
      .filter(({ timeMs }) => timeMs >= sinceMs),
    drops: lost.reduce((sum, { count }) => sum + count, 0),
    losses: shortfalls(lost),
    excuses: shortfalls(within.filter(({ grade }) => grade === 'excuses')),
    gaps: [...new Set([...uncertain, ...forgottenSince(page, sinceMs)].map(({ node, says }) => `${node}: ${says}`))],
    rulesets: Object.fromEntries(stats.map(({ node, rules }) => [node, rules.hash])),
    sources: Object.assign({}, ...stats.map(({ rules }) => rules.sources)) as DetectorSummary['sources'],
  };
}

interface NodeState {
  readonly node: string;
  readonly role: NodeRole | undefined;
  readonly stats?: DetectorStats;
  readonly why?: string;
}

function uncertaintyOfState({ node, role, stats, why }: NodeState, sinceMs: number): readonly Uncertainty[] {
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
    ...(role === 'control-plane' && isDeaf(stats) ? [['silent', NOT_HEARD] as const] : []),
    ...stats.incidents
      .filter(({ grade, count, timeMs }) => grade === 'voids' && count === 0 && timeMs >= sinceMs)
      .map(({ says }) => ['silent', says] as const),
  ];
  return facts.map(([kind, says]) => ({ node, kind, says }));
}

/** Nodes whose kept alerts do not reach back to that time. */
function forgottenSince({ forgotten }: AlertPage, sinceMs: number): readonly Uncertainty[] {
  return forgotten
    .filter(({ before }) => milliseconds(before) > sinceMs)
    .map(({ node, before }) => ({ node, kind: 'gap', says: `alerts before ${before} are not kept any more` }));
}

/** One for each node and cause. */
function shortfalls(incidents: readonly (Incident & { readonly node: string })[]): readonly Shortfall[] {
  const counts = new Map<string, Shortfall & { readonly count: number }>();
  for (const { node, source, says, count } of incidents) {
    const key = `${node} ${says}`;
    const ofSource = source === undefined ? {} : { source };
    counts.set(key, { node, ...ofSource, says, count: (counts.get(key)?.count ?? 0) + count });
  }
  return [...counts.values()].map(({ count, ...one }) => ({ ...one, says: `${one.says}: ${String(count)}` }));
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
    timeMs: milliseconds(alert.time),
    latencyMs: alert.latencyMs,
    fields: { ...attributedFields(alert), ...alert.output_fields },
  };
}

/** Of a time with nanoseconds, which Date.parse need not know. */
function milliseconds(time: string): number {
  return Date.parse(time.replace(/(\.\d{3})\d*/, '$1'));
}
