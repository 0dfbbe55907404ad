/** Where events come from; a rule names the one source that it reads. */
export type EventSource = 'syscall' | 'k8s_audit';

/**
 * One value of a field. Integers are numbers while they are safe integers and bigints beyond (times in nanoseconds,
 * capability masks, inode numbers). Addresses are text (`10.0.0.1`, `fe80::1`). Byte buffers are strings with one
 * character per byte (Buffer's `latin1`).
 */
export type Scalar = string | number | bigint | boolean;

/** A list is the value of a list field, or of a field that looks at several things at once (`proc.aname`). */
export type FieldValue = Scalar | readonly Scalar[];

/**
 * What the engine needs to know of an event. Each source has a class of its own behind this interface and extracts
 * fields when they are asked for, so an event that no rule wants costs next to nothing.
 */
export interface DetectorEvent {
  /** Sequence number in its source, from 1. */
  readonly number: number;
  /** Wall clock, nanoseconds since 1970. */
  readonly timeNs: bigint;
  readonly source: EventSource;
  /** Name of the system call, or `pluginevent` for a Kubernetes audit event. */
  readonly type: string;
  /**
   * The value of a field in this event, or undefined where the event has none ("missing", which is neither true nor
   * false to a condition). `argument` is what stands in brackets: `field('proc.aname', '2')`; of `evt.arg.flags` it
   * is the part after `evt.arg.`: `field('evt.arg', 'flags')`. The fields of BASE_FIELDS (event/base-fields.ts) are
   * answered by the engine and never asked of an event.
   */
  field(name: string, argument?: string): FieldValue | undefined;
  /** Of a system call: how its container was entered, if it was. */
  readonly entry?: ProcessEntry | undefined;
}

/** The process by which a running container was entered. */
export interface ProcessEntry {
  readonly pid: number;
  /** CLOCK_MONOTONIC. */
  readonly startNs: bigint;
  readonly command: string;
}

/** Reads one field of an event. */
export type Extractor = (event: DetectorEvent) => FieldValue | undefined;
