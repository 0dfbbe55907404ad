import { elapsedMs, type Clock } from '../../core/clock.ts';
import type { Alert } from '../alert/types.ts';
import type { Engine } from '../engine/engine.ts';
import type { SyscallEvent } from '../enrich/syscall-event.ts';
import { Undecided } from '../enrich/undecided.ts';
import type { AuditEvent } from '../event/audit-event.ts';
import type { DetectorEvent } from '../event/types.ts';
import { alertDocument, type AlertDocument, type AlertTiming } from '../output/alert-document.ts';
import { RecordFlag, type SensorRecord } from '../source/record.ts';
import type { Incidents } from './incidents.ts';
import { RecentEvents } from './recent-events.ts';

export interface JudgeOptions {
  readonly engine: Engine;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly incidents: Incidents;
  /** Gets every alert. */
  readonly onAlert: (document: AlertDocument) => void;
  /** The sequence number that the next alert has. */
  readonly nextSequence: () => number;
}

/** How long an event waits for a fact about its container or pod, its accounts included. */
const FACTS_BOUND_MS = 1_000;
const MAX_UNDECIDED = 2_000;

/** Asks the engine about events, raises its alerts, has calls wait for late facts, and remembers what was judged. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #undecided: Undecided<SyscallEvent>;
  readonly #recent = new RecentEvents();
  #engine: Engine;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#engine = options.engine;
    this.#undecided = new Undecided({
      judge: (event) => this.#decide(event),
      onLack: (why) => {
        options.incidents.note(why === 'time' ? 'judgedWithoutFacts' : 'undecidedOverflow');
      },
      boundMs: FACTS_BOUND_MS,
      limit: MAX_UNDECIDED,
    });
  }

  /** From the next event on, other rules hold. */
  replaceEngine(engine: Engine): void {
    this.#engine = engine;
  }

  call(event: SyscallEvent): void {
    if (!this.#decide(event)) this.#undecided.add(event, this.#options.clock.monotonicNs());
  }

  audit(event: AuditEvent): void {
    const { clock } = this.#options;
    // The log has wall clock times only; how long ago that was is the same on both clocks.
    const ageNs = BigInt(clock.now().getTime()) * 1_000_000n - event.timeNs;
    const happenedNs = clock.monotonicNs() - (ageNs > 0n ? ageNs : 0n);
    this.#recent.addAudit(event);
    for (const alert of this.#engine.process(event)) this.#raise(alert, happenedNs);
  }

  /** Looks again at the calls that wait for facts. */
  review(): void {
    this.#undecided.review(this.#options.clock.monotonicNs());
  }

  /** What was judged lately, and what waits. */
  recentEvents(): readonly DetectorEvent[] {
    return [...this.#recent.all(), ...this.#undecided.events];
  }

  stats(): JudgeStats {
    const { size, outOfTime, outOfRoom } = this.#undecided;
    return { undecided: size, judgedWithoutFacts: outOfTime, undecidedOverflow: outOfRoom };
  }

  /** False when the judgement hangs on a fact that may still come; nothing is raised then. */
  #decide(event: SyscallEvent): boolean {
    const alerts = this.#engine.process(event);
    // Asks for the facts that say who it was, so that these are waited for as well.
    for (const alert of alerts) alertDocument(alert, this.#options.nodeName, NO_TIMING);
    if (event.isUndecided) return false;
    this.#recent.addCall(event);
    if (alerts.length === 0) this.#noteIncomplete(event.record);
    for (const alert of alerts) this.#raise(alert, event.record.timeNs);
    return true;
  }

  /** A rule that looks at such calls did not match, and might have if it had seen all. */
  #noteIncomplete({ flags, result }: SensorRecord): void {
    const { incidents } = this.#options;
    if (flags & RecordFlag.truncated) incidents.note('truncated');
    // Of a call with a bad pointer the kernel has read as little as the sensor.
    if (flags & RecordFlag.unreadable && result !== EFAULT) incidents.note('unreadable');
  }

  #raise(alert: Alert, monotonicNs: bigint): void {
    const { clock, nodeName, onAlert, nextSequence } = this.#options;
    const latencyMs = elapsedMs(monotonicNs, clock.monotonicNs());
    onAlert(alertDocument(alert, nodeName, { sequence: nextSequence(), latencyMs, monotonicNs }));
  }
}

export interface JudgeStats {
  /** Calls that wait for a fact right now. */
  readonly undecided: number;
  readonly judgedWithoutFacts: number;
  readonly undecidedOverflow: number;
}

const EFAULT = -14;
const NO_TIMING: AlertTiming = { sequence: 0, latencyMs: 0, monotonicNs: 0n };
