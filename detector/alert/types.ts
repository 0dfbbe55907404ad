import type { DetectorEvent, EventSource, FieldValue } from '../event/types.ts';

/** The eight priorities, the most urgent first. */
export const PRIORITIES = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A rule fired on an event. */
export interface Alert {
  readonly rule: string;
  readonly priority: Priority;
  readonly source: EventSource;
  readonly tags: readonly string[];
  readonly timeNs: bigint;
  readonly eventNumber: number;
  readonly hostname: string;
  /** The whole line: time, priority and message. */
  readonly output: string;
  /** The message alone. */
  readonly message: string;
  /** Typed values of the fields that the output names; null where the event lacks one. */
  readonly outputFields: Readonly<Record<string, FieldValue | null>>;
  readonly event: DetectorEvent;
}
