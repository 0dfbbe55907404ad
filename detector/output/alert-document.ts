import type { Alert } from '../alert/types.ts';
import { rfc3339Time } from '../event/time-text.ts';
import type { FieldValue } from '../event/types.ts';

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
}

export interface AlertTiming {
  readonly sequence: number;
  readonly latencyMs: number;
  readonly monotonicNs: bigint;
}

export function alertDocument(alert: Alert, node: string, timing: AlertTiming): AlertDocument {
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
    attribution: attributionOf(alert, node),
  };
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
  k8s_audit: { namespace: 'ka.target.namespace', pod: 'ka.target.pod.name', user: 'ka.user.name' },
} as const;

function attributionOf({ event, source }: Alert, node: string): Attribution {
  const known = Object.entries(ATTRIBUTION_FIELDS[source])
    .map(([part, field]) => [part, event.field(field)] as const)
    .filter(([, value]) => value !== undefined);
  return { node, ...(Object.fromEntries(known) as Omit<Attribution, 'node'>) };
}
