import type { Clock } from '../../core/clock.ts';
import { elapsedMs } from '../../core/clock.ts';
import type { Alert } from '../alert/types.ts';
import type { Engine } from '../engine/engine.ts';
import { AuditEvent, auditItems } from '../event/audit-event.ts';
import type { JsonValue } from '../event/json.ts';
import type { DetectorEvent } from '../event/types.ts';
import { DescriptorNames } from '../enrich/descriptor-names.ts';
import type { AccountNames } from '../enrich/accounts.ts';
import { ContainerAccounts } from '../enrich/container-accounts.ts';
import type { PodIndex } from '../enrich/pod-index.ts';
import { ProcessTable } from '../enrich/process-table.ts';
import { SyscallEvent, type SyscallContext } from '../enrich/syscall-event.ts';
import { Undecided } from '../enrich/undecided.ts';
import { alertDocument, type AlertDocument, type AlertTiming } from '../output/alert-document.ts';
import { AccountsAssembly, type AccountsPart } from '../source/accounts-frames.ts';
import { AuditSightings } from '../source/audit-sightings.ts';
import type { Hello, SensorMessage, SensorStatistics } from '../source/messages.ts';
import { RecordFlag, type SensorRecord } from '../source/record.ts';
import type { Incidents } from './incidents.ts';
import { RecentEvents } from './recent-events.ts';

export interface PipelineOptions {
  readonly engine: Engine;
  readonly nodeName: string;
  readonly clock: Clock;
  readonly pods: PodIndex;
  readonly users: AccountNames;
  readonly groups: AccountNames;
  /** Domain names by address. */
  readonly hostNames?: ReadonlyMap<string, string>;
  /** Gets every alert. */
  readonly onAlert: (document: AlertDocument) => void;
  /** The sequence number that the next alert has. */
  readonly nextSequence: () => number;
  readonly incidents: Incidents;
  /** Asks the sensor for the accounts of a container; false when there is none to ask. */
  readonly onAccountsWanted: (containerId: string) => boolean;
  /** The process tree has holes: the existing processes have to be reported again. */
  readonly onTreeIncomplete: () => void;
}

/** How long an event waits for a fact about its container or pod, its accounts included. */
const FACTS_BOUND_MS = 1_000;
const MAX_UNDECIDED = 2_000;
/** The sensor reports once a second; three missing reports are not a hiccup. */
export const SILENCE_MS = 3_000;
/** Not more often than this is the tree asked for again while events are being lost. */
const RESNAPSHOT_MS = 5_000;

/** From what the sources say to alerts: keeps the process tree, completes events, asks the engine, and waits for late facts. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #table = new ProcessTable();
  readonly #sightings = new AuditSightings();
  readonly #undecided: Undecided<SyscallEvent>;
  readonly #recent = new RecentEvents();
  readonly #accounts: ContainerAccounts;
  readonly #accountsAssembly = new AccountsAssembly();
  #engine: Engine;
  #wanted: ReadonlySet<string>;
  #context: SyscallContext;
  #hello: Hello | undefined;
  #statistics: SensorStatistics | undefined;
  #heartbeatNs: bigint | undefined;
  #isTreeComplete = false;
  #resnapshotNs = 0n;
  #wallOffsetNs: bigint;
  #events = 0;
  #auditEvents = 0;
  #malformed = 0;

  constructor(options: PipelineOptions) {
    const { clock, pods, users, groups } = options;
    this.#options = options;
    this.#engine = options.engine;
    this.#wanted = options.engine.eventTypes('syscall');
    this.#accounts = new ContainerAccounts({ clock, ask: options.onAccountsWanted });
    this.#context = {
      architecture: 'x86-64',
      pods,
      users,
      groups,
      containerAccounts: this.#accounts,
      hostNames: options.hostNames ?? new Map<string, string>(),
      descriptorNames: new DescriptorNames(),
      findProcess: (pid) => this.#table.find(pid),
    };
    this.#wallOffsetNs = BigInt(clock.now().getTime()) * 1_000_000n - clock.monotonicNs();
    this.#undecided = new Undecided({
      judge: (event) => this.#judge(event),
      onLack: (why) => {
        options.incidents.note(why === 'time' ? 'judgedWithoutFacts' : 'undecidedOverflow');
      },
      boundMs: FACTS_BOUND_MS,
      limit: MAX_UNDECIDED,
    });
  }

  accept(message: SensorMessage): void {
    switch (message.kind) {
      case 'hello':
        this.#hello = message.hello;
        this.#context = { ...this.#context, architecture: message.hello.architecture };
        return;
      case 'snapshotBegin':
        this.#table.beginSnapshot(message.monotonicNs);
        return;
      case 'process':
        this.#table.applyExisting(message.record);
        return;
      case 'snapshotEnd':
        this.#table.endSnapshot();
        this.#isTreeComplete = true;
        return;
      case 'event':
        this.#acceptRecord(message.record);
        return;
      case 'statistics':
        this.#acceptStatistics(message.statistics);
        return;
      case 'accounts':
        this.#acceptAccounts(message.part);
        return;
      case 'malformed':
        this.#malformed++;
        this.#options.incidents.note('malformedFrames');
    }
  }

  /** One line of the API server's audit log, or one body of its webhook. What came by the other way already is passed over. */
  acceptAudit(line: JsonValue): void {
    for (const item of auditItems(line)) {
      if (this.#sightings.isNew(item)) this.#judgeAudit(new AuditEvent(item, ++this.#auditEvents));
    }
  }

  /** Looks again at events that wait for facts; to be called when facts have changed, and now and then. */
  review(): void {
    this.#undecided.review(this.#options.clock.monotonicNs());
  }

  /**
   * Other rules from the next event on. Each event is judged by one engine: those before by the old one, and those that
   * still wait for facts, about which nothing has been said yet, by the new one.
   */
  replaceEngine(engine: Engine): void {
    this.#engine = engine;
    this.#wanted = engine.eventTypes('syscall');
  }

  /** What was seen lately and what still waits for facts: calls and audit events, each in the order of their coming. */
  recentEvents(): readonly DetectorEvent[] {
    return [...this.#recent.all(), ...this.#undecided.events];
  }

  /** The sensor has gone: what it said of the processes is not kept up any more. */
  disconnect(): void {
    this.#isTreeComplete = false;
    this.#accounts.forgetQuestions();
  }

  stats(): PipelineStats {
    const { clock } = this.#options;
    return {
      events: this.#events,
      auditEvents: this.#auditEvents,
      auditRepeated: this.#sightings.repeated,
      processes: this.#table.size,
      isTreeComplete: this.#isTreeComplete,
      unknownProcesses: this.#table.unknown,
      malformedFrames: this.#malformed,
      undecided: this.#undecided.size,
      judgedWithoutFacts: this.#undecided.outOfTime,
      undecidedOverflow: this.#undecided.outOfRoom,
      ...(this.#hello === undefined ? {} : { hello: this.#hello }),
      ...(this.#statistics === undefined ? {} : { sensor: this.#statistics }),
      ...(this.#heartbeatNs === undefined ? {} : { heartbeatAgeMs: elapsedMs(this.#heartbeatNs, clock.monotonicNs()) }),
    };
  }

  #acceptAccounts(part: AccountsPart): void {
    const files = this.#accountsAssembly.push(part);
    if (files === undefined) return;
    this.#accounts.accept(files);
    this.review();
  }

  #acceptRecord(record: SensorRecord): void {
    const process = this.#table.apply(record);
    if (!this.#wanted.has(record.type)) return;
    const event = new SyscallEvent({
      number: ++this.#events,
      timeNs: record.timeNs + this.#wallOffsetNs,
      record,
      process,
      context: this.#context,
    });
    if (!this.#judge(event)) this.#undecided.add(event, this.#options.clock.monotonicNs());
  }

  /** False when the judgement hangs on a fact that may still come; nothing is raised then. */
  #judge(event: SyscallEvent): boolean {
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

  #judgeAudit(event: AuditEvent): void {
    const { clock } = this.#options;
    // The log has wall clock times only; how long ago that was is the same on both clocks.
    const ageNs = BigInt(clock.now().getTime()) * 1_000_000n - event.timeNs;
    const happenedNs = clock.monotonicNs() - (ageNs > 0n ? ageNs : 0n);
    this.#recent.addAudit(event);
    for (const alert of this.#engine.process(event)) this.#raise(alert, happenedNs);
  }

  #raise(alert: Alert, monotonicNs: bigint): void {
    const { clock, nodeName, onAlert, nextSequence } = this.#options;
    const latencyMs = elapsedMs(monotonicNs, clock.monotonicNs());
    onAlert(alertDocument(alert, nodeName, { sequence: nextSequence(), latencyMs, monotonicNs }));
  }

  #acceptStatistics(statistics: SensorStatistics): void {
    const { clock, incidents } = this.#options;
    const nowNs = clock.monotonicNs();
    const before = this.#statistics;
    this.#statistics = statistics;
    this.#wallOffsetNs = statistics.realtimeOffsetNs;
    const silentMs = this.#heartbeatNs === undefined ? 0 : elapsedMs(this.#heartbeatNs, nowNs);
    this.#heartbeatNs = nowNs;
    if (silentMs > SILENCE_MS) incidents.note('sensorSilent', 1, silence(silentMs));
    if (before === undefined) return;
    if (before.startedNs !== statistics.startedNs) {
      incidents.note('sensorRestarted', 1, 'the sensor was started again');
      return;
    }
    const lost = statistics.droppedRingFull - before.droppedRingFull;
    incidents.note('ringFull', lost);
    if (lost > 0) this.#askForTree();
  }

  #askForTree(): void {
    const nowNs = this.#options.clock.monotonicNs();
    if (nowNs - this.#resnapshotNs < BigInt(RESNAPSHOT_MS) * 1_000_000n) return;
    this.#resnapshotNs = nowNs;
    this.#options.onTreeIncomplete();
  }
}

export interface PipelineStats {
  /** Events of the sensor that the engine was asked about. */
  readonly events: number;
  readonly auditEvents: number;
  /** Audit events that had been seen before, and were passed over. */
  readonly auditRepeated: number;
  readonly processes: number;
  readonly isTreeComplete: boolean;
  readonly unknownProcesses: number;
  readonly malformedFrames: number;
  readonly undecided: number;
  readonly judgedWithoutFacts: number;
  readonly undecidedOverflow: number;
  readonly hello?: Hello;
  readonly sensor?: SensorStatistics;
  readonly heartbeatAgeMs?: number;
}

function silence(silentMs: number): string {
  return `the sensor was silent for ${(silentMs / 1000).toFixed(1)} s`;
}

const EFAULT = -14;
const NO_TIMING: AlertTiming = { sequence: 0, latencyMs: 0, monotonicNs: 0n };
