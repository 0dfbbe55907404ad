import type { Priority } from '../alert/types.ts';
import type { FieldValue } from '../event/types.ts';
import type { AlertDocument } from './alert-document.ts';

export interface InternalAlert {
  readonly rule: string;
  readonly priority: Priority;
  readonly says: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly node: string;
  readonly now: Date;
  /** CLOCK_MONOTONIC; absent for one that does not go to the Channel. */
  readonly monotonicNs?: bigint;
  /** Its number in the Channel, which begins with 1; absent for one that does not go there. */
  readonly sequence?: number;
}

/** What the detector has to say of itself, as an alert among others: of the source `internal`, which no rule reads. */
export function internalAlert({ rule, priority, says, fields, node, now, ...more }: InternalAlert): AlertDocument {
  const time = `${now.toISOString().slice(0, -1)}000000Z`;
  return {
    time,
    rule,
    priority,
    source: INTERNAL_SOURCE,
    hostname: node,
    output: `${time.slice(11, 26)}: ${priority} ${says}`,
    tags: [],
    output_fields: fields,
    sequence: more.sequence ?? 0,
    latencyMs: 0,
    monotonicNs: String(more.monotonicNs ?? 0n),
    attribution: { node },
  };
}

export const INTERNAL_SOURCE = 'internal';
