import { fieldName, type FieldReference } from '../event/field-table.ts';
import type { DetectorEvent, Extractor, FieldValue, ProcessEntry } from '../event/types.ts';
import type { FieldState } from '../explain/types.ts';
import type { SensorRecord } from '../source/record.ts';
import type { AccountNames } from './accounts.ts';
import { NOT_YET, type Accounts, type ContainerAccounts } from './container-accounts.ts';
import type { ContainerRef } from './cgroup.ts';
import { descriptorOf, type Descriptor } from './descriptor.ts';
import type { DescriptorNames } from './descriptor-names.ts';
import { entryOf } from './entry.ts';
import type { ContainerFacts, PodFacts, PodIndex } from './pod-index.ts';
import type { Image } from './image.ts';
import type { Process } from './process-table.ts';
import { READERS } from './readers.ts';
import type { Architecture } from './syscall-names.ts';
import { targetOf } from './target.ts';

/** What events are understood with; the same for all events of a connection. */
export interface SyscallContext {
  readonly architecture: Architecture;
  readonly pods: PodIndex;
  /** Accounts of the node itself. */
  readonly users: AccountNames;
  readonly groups: AccountNames;
  readonly containerAccounts: ContainerAccounts;
  readonly descriptorNames: DescriptorNames;
  /** Domain names of addresses, as far as rules can know any. */
  readonly hostNames: ReadonlyMap<string, string>;
  /** A process of the node by the id that it has there, also of one that ended lately. */
  readonly findProcess?: (pid: number) => Process | undefined;
}

/** One process of a line of ancestors, with what it ran when the event happened. */
export interface Relative {
  readonly process: Process;
  readonly image: Image;
}

/** What is told of a process's container and pod by others than the kernel's records, and may come late. */
export interface LateFacts {
  readonly pod: PodFacts | undefined;
  readonly container: ContainerFacts | undefined;
  readonly accounts: Accounts | undefined;
  /** The pod of the process that the call is aimed at. */
  readonly targetPod?: PodFacts | undefined;
}

export type FieldReader = (event: SyscallEvent, argument: string | undefined) => FieldValue | undefined;

const MAX_ANCESTORS = 64;
/** What keeps a pod's namespaces open. The API does not tell of it, so there is nothing to wait for. */
const SANDBOX: ContainerFacts = { name: 'POD', privileged: false, mounts: [] };
const HOST_FACTS: LateFacts = { pod: undefined, container: undefined, accounts: undefined };

/** A record of the sensor with all that is known about it. */
export class SyscallEvent implements DetectorEvent {
  readonly source = 'syscall';
  readonly number: number;
  readonly timeNs: bigint;
  readonly record: SensorRecord;
  readonly process: Process;
  readonly image: Image;
  readonly context: SyscallContext;
  #descriptor: Descriptor | undefined;
  #target: Process | undefined;
  #ancestors: readonly Relative[] | undefined;
  #hasNewName: boolean | undefined;
  #settled: LateFacts | undefined;
  /** A fact about the container or pod was asked for that is not known yet, but may come. */
  isUndecided = false;
  /** How often a fact was asked for that is not known. */
  #unknowns = 0;
  /** The fields that asked for it since the last hold() or settle(); most events have none. */
  #lacking: Set<string> | undefined;

  constructor(parts: {
    readonly number: number;
    /** Wall clock, nanoseconds since 1970. */
    readonly timeNs: bigint;
    readonly record: SensorRecord;
    readonly process: Process;
    readonly context: SyscallContext;
    /** For an event of the past: what the process ran then. */
    readonly image?: Image;
    /** For an event of the past: at whom it was aimed. */
    readonly target?: Process;
    /** For an event of the past that was judged without all facts: those that were known. */
    readonly settled?: LateFacts;
  }) {
    this.number = parts.number;
    this.timeNs = parts.timeNs;
    this.record = parts.record;
    this.process = parts.process;
    this.image = parts.image ?? parts.process.image;
    this.context = parts.context;
    this.#target = parts.target;
    this.#settled = parts.settled;
  }

  get type(): string {
    return this.record.type;
  }

  field(name: string, argument?: string): FieldValue | undefined {
    return READERS.get(name)?.(this, argument);
  }

  /** The value of a field that hangs on late facts; remembers the field while they are not known. */
  lateField(name: string, argument: string | undefined, read: FieldReader): FieldValue | undefined {
    const before = this.#unknowns;
    const value = read(this, argument);
    if (value === undefined && this.#unknowns > before) (this.#lacking ??= new Set()).add(fieldName(name, argument));
    return value;
  }

  /** Fields that were asked for and are missing only because facts are not known, sorted. */
  get lacking(): readonly string[] {
    return [...(this.#lacking ?? [])].sort();
  }

  /** For explanations: whether a field that is not there is missing for good, or was not known in time. */
  state(name: string, argument?: string): FieldState {
    const before = this.#unknowns;
    const value = this.field(name, argument);
    if (value !== undefined) return { kind: 'value', value };
    return { kind: this.#unknowns > before ? 'unknown' : 'missing' };
  }

  /** Keeps what is true of the ancestors now, for an event that is looked at again later. */
  hold(): void {
    this.#ancestors ??= ancestorsOf(this.process);
    this.#lacking = undefined;
    this.isUndecided = false;
  }

  /** From now on what is not known counts as missing. */
  settle(): void {
    const { container: ref } = this.process;
    const facts = ref === undefined ? HOST_FACTS : this.#factsOf(ref);
    const aimedAt = this.target?.container;
    this.#settled = aimedAt === undefined ? facts : { ...facts, targetPod: this.context.pods.pod(aimedAt) };
    this.#lacking = undefined;
    this.isUndecided = false;
  }

  /** What was known when the time for facts was over; undefined for an event that did not wait until then. */
  get settled(): LateFacts | undefined {
    return this.#settled;
  }

  get descriptor(): Descriptor | undefined {
    this.#descriptor ??= descriptorOf(this.record, this.context.architecture);
    return this.#descriptor;
  }

  /** The process that the call is aimed at. */
  get target(): Process | undefined {
    return (this.#target ??= targetOf(this));
  }

  /** Whether this call gave its descriptor another name than it had. */
  get hasNewName(): boolean {
    this.#hasNewName ??= this.context.descriptorNames.isChangedBy(this);
    return this.#hasNewName;
  }

  /** The parent first. */
  get ancestors(): readonly Relative[] {
    return this.#ancestors ?? ancestorsOf(this.process);
  }

  get entry(): ProcessEntry | undefined {
    return entryOf(this);
  }

  /** Facts of the pod; undefined on the host, and while the API has not told them. */
  pod(): PodFacts | undefined {
    const ref = this.process.container;
    if (ref === undefined) return undefined;
    return this.#late(this.#settled === undefined ? this.context.pods.pod(ref) : this.#settled.pod);
  }

  container(): ContainerFacts | undefined {
    const ref = this.process.container;
    if (ref === undefined) return undefined;
    return this.#late(this.#settled === undefined ? this.#containerBy(ref) : this.#settled.container);
  }

  /** Facts of the pod that the call is aimed at; undefined for all that is in none. */
  targetPod(): PodFacts | undefined {
    const ref = this.target?.container;
    if (ref === undefined) return undefined;
    return this.#late(this.#settled === undefined ? this.context.pods.pod(ref) : this.#settled.targetPod);
  }

  /** The name of a user or group, as the process's container has it; 0 is root everywhere. */
  account(kind: keyof Accounts, id: number): string | undefined {
    const { context, process } = this;
    const ref = process.container;
    if (ref === undefined) return context[kind].get(id);
    if (id === 0) return 'root';
    if (this.#settled !== undefined) {
      const { accounts } = this.#settled;
      return accounts === undefined ? this.#late<string>(undefined) : accounts[kind].get(id);
    }
    const name = context.containerAccounts.name(ref.id, kind, id);
    return name === NOT_YET ? this.#late<string>(undefined) : name;
  }

  #factsOf(ref: ContainerRef): LateFacts {
    const { pods, containerAccounts } = this.context;
    return { pod: pods.pod(ref), container: this.#containerBy(ref), accounts: containerAccounts.known(ref.id) };
  }

  #containerBy(ref: ContainerRef): ContainerFacts | undefined {
    return this.context.pods.container(ref) ?? (isSandbox(this) ? SANDBOX : undefined);
  }

  #late<T>(fact: T | undefined): T | undefined {
    if (fact === undefined) {
      this.#unknowns++;
      if (this.#settled === undefined) this.isUndecided = true;
    }
    return fact;
  }
}

/** The API's word comes first: a container that only looks like a sandbox is known by it soon. */
function isSandbox({ image, process }: SyscallEvent): boolean {
  return process.vpid === 1 && image.exePath === '/pause';
}

function ancestorsOf(process: Process): readonly Relative[] {
  const found: Relative[] = [];
  for (let next = process.parent; next !== undefined && found.length < MAX_ANCESTORS; next = next.parent) {
    found.push({ process: next, image: next.image });
  }
  return found;
}

/** For the engine: how a field is read from an event of the sensor without looking it up by its name each time. */
export function readSyscallField({ info, argument }: FieldReference): Extractor | undefined {
  const read = READERS.get(info.name);
  if (read === undefined) return undefined;
  return (event) => (event instanceof SyscallEvent ? read(event, argument) : event.field(info.name, argument));
}
