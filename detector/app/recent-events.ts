import type { AuditEvent } from '../event/audit-event.ts';
import type { JsonValue } from '../event/json.ts';
import type { DetectorEvent } from '../event/types.ts';
import type { Image } from '../enrich/image.ts';
import type { Process } from '../enrich/process-table.ts';
import { SyscallEvent, type LateFacts, type SyscallContext } from '../enrich/syscall-event.ts';
import { RecordRing } from './record-ring.ts';

/** What an event knows beside its record. */
interface CallFacts {
  readonly number: number;
  readonly timeNs: bigint;
  readonly process: Process;
  readonly image: Image;
  readonly target: Process | undefined;
  readonly context: SyscallContext;
  readonly settled: LateFacts | undefined;
}

/** 300 to 600 calls of each type; of the 80 types, a lab's rules ask for about 40, most of them rare: 5 MiB at most. */
const BYTES_PER_TYPE = 128 * 1024;
const MAX_AUDIT_BYTES = 3 * 1024 * 1024;
const MAX_AUDIT_EVENT_BYTES = 128 * 1024;

/**
 * The recent past of a node, to be asked why a rule did not fire. Each type of call has room of its own, so that a flood
 * of opens does not wash away the one start of a program that is asked about. What the sensor keeps back because no rule
 * can match it was never here.
 */
export class RecentEvents {
  readonly #calls = new Map<string, RecordRing<CallFacts>>();
  #audit: { readonly event: AuditEvent; readonly bytes: number }[] = [];
  #auditBytes = 0;

  /** Remembers a call that was judged for good. */
  addCall({ number, timeNs, process, image, target, context, settled, record }: SyscallEvent): void {
    let ring = this.#calls.get(record.type);
    if (ring === undefined) {
      ring = new RecordRing(BYTES_PER_TYPE);
      this.#calls.set(record.type, ring);
    }
    ring.add(record, { number, timeNs, process, image, target, context, settled });
  }

  /** Remembers an audit event, unless it is very large. */
  addAudit(event: AuditEvent): void {
    const bytes = approximateBytes(event.json);
    if (bytes > MAX_AUDIT_EVENT_BYTES) return;
    this.#audit.push({ event, bytes });
    this.#auditBytes += bytes;
    if (this.#auditBytes <= MAX_AUDIT_BYTES) return;
    this.#audit = this.#audit.slice(Math.ceil(this.#audit.length / 4));
    this.#auditBytes = this.#audit.reduce((sum, one) => sum + one.bytes, 0);
  }

  /** Calls and audit events, each in their order. */
  all(): readonly DetectorEvent[] {
    const kept = [...this.#calls.values()].flatMap((ring) => ring.all());
    const calls = kept.map(
      ({ record, facts: { settled, target, ...facts } }) =>
        new SyscallEvent({ ...facts, record, ...(settled && { settled }), ...(target && { target }) }),
    );
    return [...calls.sort((a, b) => a.number - b.number), ...this.#audit.map(({ event }) => event)];
  }
}

/** How much room a document takes as text, roughly; large ones are not counted to their end. */
function approximateBytes(json: JsonValue): number {
  let bytes = 0;
  const rest: JsonValue[] = [json];
  for (let next = rest.pop(); next !== undefined && bytes <= MAX_AUDIT_EVENT_BYTES; next = rest.pop()) {
    bytes += typeof next === 'string' ? next.length + 8 : 8;
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, value] of Object.entries<JsonValue>(next)) {
      bytes += key.length;
      rest.push(value);
    }
  }
  return bytes;
}
