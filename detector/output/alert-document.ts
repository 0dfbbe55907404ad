import type { Alert } from '../alert/types.ts';
import { rfc3339Time } from '../event/time-text.ts';
import type { DetectorEvent, FieldValue, ProcessEntry } from '../event/types.ts';
import { SyscallEvent } from '../enrich/syscall-event.ts';

/** An alert as it leaves the engine: Falco's JSON, and what graders need on top. */
export interface AlertDocument {
  /** ISO 8601 with nanoseconds, in UTC. */
  readonly time: string;
  readonly rule: string;
  readonly priority: string;
  readonly source: string;
  readonly hostname: string;
  readonly output: string;
  readonly tags: readonly string[];
  readonly output_fields: Readonly<Record<string, FieldValue | null>>;
  /** From 1, without gaps within one run of the engine. */
  readonly sequence: number;
  /** From the event to the alert, waiting for facts included. */
  readonly latencyMs: number;
  /** CLOCK_MONOTONIC of the event, which all containers of the machine share; nanoseconds, as text. */
  readonly monotonicNs: string;
  readonly attribution: Attribution;
  /**
   * Fields that the event was judged without, as the facts behind them did not come in time: a rule may have had
   * another answer with them. Absent where nothing was missing.
   */
  readonly missing?: readonly string[];
}

/** Who and where, whatever the rule's output names. Absent parts are not known. */
export interface Attribution {
  readonly node: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  /** Of the container, without its tag. */
  readonly image?: string;
  /** Of a Kubernetes audit event: the API user. Of a system call: the account. */
  readonly user?: string;
  /** Of a system call; known also where the account's name is not. */
  readonly uid?: number;
  readonly pid?: number;
  readonly process?: string;
  readonly parent?: string;
  readonly tty?: number;
  /** Of a system call in a container that was entered while it ran: the process by which it was. By linkSessions() also of a session. */
  readonly entry?: Entry;
  /** Of a Kubernetes audit event: its id. */
  readonly auditId?: string;
  /** By linkSessions(): the session through the API that the entry belongs to. */
  readonly session?: { readonly auditId: string; readonly user: string };
}

/** A process that began in a running container without being started by it. */
export interface Entry {
  readonly pid: number;
  /** When it began: CLOCK_MONOTONIC in nanoseconds, as text. */
  readonly monotonicNs: string;
  readonly command: string;
  /** Where it runs, if that is not the node of the alert. */
  readonly node?: string;
}

export interface AlertTiming {
  readonly sequence: number;
  readonly latencyMs: number;
  readonly monotonicNs: bigint;
}

export function alertDocument(alert: Alert, node: string, timing: AlertTiming): AlertDocument {
  const attribution = attributionOf(alert, node);
  const missing = lackingOf(alert.event);
  return {
    time: rfc3339Time(alert.timeNs),
    rule: alert.rule,
    priority: alert.priority,
    source: alert.source,
    hostname: alert.hostname,
    output: alert.output,
    tags: alert.tags,
    output_fields: alert.outputFields,
    sequence: timing.sequence,
    latencyMs: timing.latencyMs,
    monotonicNs: String(timing.monotonicNs),
    attribution,
    ...(missing.length === 0 ? {} : { missing }),
  };
}

/** Asked last: what the attribution found missing is among it. */
function lackingOf(event: DetectorEvent): readonly string[] {
  return event instanceof SyscallEvent ? event.lacking : [];
}

/** The fields that answer each part, by source. */
const ATTRIBUTION_FIELDS = {
  syscall: {
    namespace: 'k8s.ns.name',
    pod: 'k8s.pod.name',
    container: 'container.name',
    image: 'container.image.repository',
    user: 'user.name',
    uid: 'user.uid',
    pid: 'proc.pid',
    process: 'proc.cmdline',
    parent: 'proc.pname',
    tty: 'proc.tty',
  },
  k8s_audit: {
    namespace: 'ka.target.namespace',
    pod: 'ka.target.pod.name',
    user: 'ka.user.name',
    auditId: 'ka.auditid',
  },
} as const;

function attributionOf({ event, source }: Alert, node: string): Attribution {
  const known = Object.entries(ATTRIBUTION_FIELDS[source])
    .map(([part, field]) => [part, event.field(field)] as const)
    .filter(([, value]) => value !== undefined);
  return { node, ...(Object.fromEntries(known) as Omit<Attribution, 'node'>), ...entryPart(event.entry) };
}

function entryPart(entry: ProcessEntry | undefined): Pick<Attribution, 'entry'> {
  if (entry === undefined) return {};
  const { pid, startNs, command } = entry;
  return { entry: { pid, monotonicNs: String(startNs), command } };
}
