import type { AlertDocument, Attribution } from './output/alert-document.ts';

/** Either half of a session: who opened it through the API, or what began in the container. */
interface Half<T> {
  /** Namespace and name of the pod. */
  readonly place: string;
  /** CLOCK_MONOTONIC. */
  readonly atNs: bigint;
  readonly part: T;
}
type Opened = Half<NonNullable<Attribution['session']>>;
type Entered = Half<NonNullable<Attribution['entry']>>;

const SESSION_RULE = 'Attach/Exec Pod';
/** The audit log's time is the wall clock's, and two clocks are read one after the other. */
const BEFORE_NS = 50_000_000n;
/** The API server tells of a session when it has reached the kubelet; the process is then about to be started. */
const AFTER_NS = 3_000_000_000n;
const MAX_HALVES = 1_000;

/**
 * Links what runs in a container with the session by which somebody entered it through the API. The audit event comes from a control
 * plane, what runs from the node of the pod; they belong together by pod and time, the process to the latest session before it began.
 * Of a session in which nothing raises an alert no process is told, and a session by crictl on the node has no audit event.
 */
export class SessionLinks {
  #opened: readonly Opened[] = [];
  #entered: readonly Entered[] = [];

  /** Takes note of both halves in alerts, which may come in any order. */
  note(alerts: readonly AlertDocument[]): void {
    this.#opened = grown(this.#opened, alerts.flatMap(openedBy));
    this.#entered = grown(this.#entered, alerts.flatMap(enteredBy));
  }

  /** The alert with the other half of its session, if that was noted. */
  link(alert: AlertDocument): AlertDocument {
    const [entered] = enteredBy(alert);
    const session = entered && this.#opened.filter((one) => belong(one, entered)).at(-1)?.part;
    if (session !== undefined) return { ...alert, attribution: { ...alert.attribution, session } };
    const [opened] = openedBy(alert);
    const entry = opened && this.#entered.find((one) => belong(opened, one))?.part;
    return entry === undefined ? alert : { ...alert, attribution: { ...alert.attribution, entry } };
  }
}

/** All alerts of a time, each with its session. */
export function linkSessions(alerts: readonly AlertDocument[]): readonly AlertDocument[] {
  const links = new SessionLinks();
  links.note(alerts);
  return alerts.map((alert) => links.link(alert));
}

/** In the order of time; of too many the earliest are forgotten. */
function grown<T>(halves: readonly Half<T>[], more: readonly Half<T>[]): readonly Half<T>[] {
  if (more.length === 0) return halves;
  return [...halves, ...more].sort((a, b) => Number(a.atNs - b.atNs)).slice(-MAX_HALVES);
}

function belong(opened: Opened, entered: Entered): boolean {
  const afterNs = entered.atNs - opened.atNs;
  return opened.place === entered.place && afterNs >= -BEFORE_NS && afterNs <= AFTER_NS;
}

function openedBy({ rule, monotonicNs, attribution }: AlertDocument): readonly Opened[] {
  const { auditId, user } = attribution;
  if (rule !== SESSION_RULE || auditId === undefined || user === undefined) return [];
  return [{ place: placeOf(attribution), atNs: BigInt(monotonicNs), part: { auditId, user } }];
}

function enteredBy({ source, attribution }: AlertDocument): readonly Entered[] {
  const { entry, pod, node } = attribution;
  if (source !== 'syscall' || entry === undefined || pod === undefined) return [];
  return [{ place: placeOf(attribution), atNs: BigInt(entry.monotonicNs), part: { ...entry, node } }];
}

function placeOf({ namespace = '', pod = '' }: Attribution): string {
  return `${namespace}/${pod}`;
}
