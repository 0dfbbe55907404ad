import { AuditEvent, auditItems } from '../event/audit-event.ts';
import type { JsonValue } from '../event/json.ts';
import type { DetectorEvent } from '../event/types.ts';
import type { Engine } from '../engine/engine.ts';
import type { AccountNames } from '../enrich/accounts.ts';
import { ContainerAccounts } from '../enrich/container-accounts.ts';
import { DescriptorNames } from '../enrich/descriptor-names.ts';
import type { PodIndex } from '../enrich/pod-index.ts';
import { ProcessTable } from '../enrich/process-table.ts';
import { SyscallEvent, type SyscallContext } from '../enrich/syscall-event.ts';
import { AccountsAssembly, type AccountsPart } from '../source/accounts-frames.ts';
import { AuditSightings } from '../source/audit-sightings.ts';
import type { Hello, SensorMessage, SensorStatistics } from '../source/messages.ts';
import type { SensorRecord } from '../source/record.ts';
import { Judge, type JudgeOptions, type JudgeStats } from './judge.ts';
import { SensorWatch, type SensorWatchOptions } from './sensor-watch.ts';

export interface PipelineOptions extends JudgeOptions, SensorWatchOptions {
  readonly pods: PodIndex;
  readonly users: AccountNames;
  readonly groups: AccountNames;
  /** Domain names by address. */
  readonly hostNames?: ReadonlyMap<string, string>;
  /** Asks the sensor for the accounts of a container; false when there is none to ask. */
  readonly onAccountsWanted: (containerId: string) => boolean;
}

/** From what the sources say to events that can be judged: keeps the process tree, completes calls by it, and drops what came before. */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #table = new ProcessTable();
  readonly #sightings = new AuditSightings();
  readonly #accounts: ContainerAccounts;
  readonly #accountsAssembly = new AccountsAssembly();
  readonly #sensor: SensorWatch;
  readonly #judge: Judge;
  #wanted: ReadonlySet<string>;
  #context: SyscallContext;
  #hello: Hello | undefined;
  #isTreeComplete = false;
  #events = 0;
  #auditEvents = 0;
  #malformed = 0;

  constructor(options: PipelineOptions) {
    const { clock, pods, users, groups } = options;
    this.#options = options;
    this.#sensor = new SensorWatch(options);
    this.#judge = new Judge(options);
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
        this.#sensor.accept(message.statistics);
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
      if (this.#sightings.isNew(item)) this.#judge.audit(new AuditEvent(item, ++this.#auditEvents));
    }
  }

  /** Looks again at events that wait for facts; to be called when facts have changed, and now and then. */
  review(): void {
    this.#judge.review();
  }

  /**
   * Other rules from the next event on. Each event is judged by one engine: those before by the old one, and those that
   * still wait for facts, about which nothing has been said yet, by the new one.
   */
  replaceEngine(engine: Engine): void {
    this.#judge.replaceEngine(engine);
    this.#wanted = engine.eventTypes('syscall');
  }

  /** What was seen lately and what still waits for facts: calls and audit events, each in the order of their coming. */
  recentEvents(): readonly DetectorEvent[] {
    return this.#judge.recentEvents();
  }

  /** The sensor has gone: what it said of the processes is not kept up any more. */
  disconnect(): void {
    this.#isTreeComplete = false;
    this.#accounts.forgetQuestions();
  }

  stats(): PipelineStats {
    const { statistics, heartbeatAgeMs } = this.#sensor;
    return {
      events: this.#events,
      auditEvents: this.#auditEvents,
      auditRepeated: this.#sightings.repeated,
      processes: this.#table.size,
      isTreeComplete: this.#isTreeComplete,
      unknownProcesses: this.#table.unknown,
      malformedFrames: this.#malformed,
      ...this.#judge.stats(),
      ...(this.#hello === undefined ? {} : { hello: this.#hello }),
      ...(statistics === undefined ? {} : { sensor: statistics }),
      ...(heartbeatAgeMs === undefined ? {} : { heartbeatAgeMs }),
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
    this.#judge.call(
      new SyscallEvent({
        number: ++this.#events,
        timeNs: record.timeNs + this.#sensor.wallOffsetNs,
        record,
        process,
        context: this.#context,
      }),
    );
  }
}

export interface PipelineStats extends JudgeStats {
  /** Events of the sensor that the engine was asked about. */
  readonly events: number;
  readonly auditEvents: number;
  /** Audit events that had been seen before, and were passed over. */
  readonly auditRepeated: number;
  readonly processes: number;
  readonly isTreeComplete: boolean;
  readonly unknownProcesses: number;
  readonly malformedFrames: number;
  readonly hello?: Hello;
  readonly sensor?: SensorStatistics;
  readonly heartbeatAgeMs?: number;
}
