import type { SensorRecord } from '../source/record.ts';
import { containerOfCgroup, type ContainerRef } from './cgroup.ts';
import { imageOf, type Image } from './image.ts';

/** A living process. Ids are those of the node's PID namespace, as `ps` on the node shows them. */
export interface Process {
  readonly pid: number;
  /** CLOCK_MONOTONIC. */
  readonly startNs: bigint;
  readonly image: Image;
  readonly parent: Process | undefined;
  readonly sid: number;
  readonly pgid: number;
  readonly vpid: number;
  readonly container: ContainerRef | undefined;
}

interface Entry extends Process {
  image: Image;
  parent: Entry | undefined;
  readonly children: Set<Entry>;
  sid: number;
  pgid: number;
  container: ContainerRef | undefined;
}

const CARRIES_CGROUP = /^(exec|fork|vfork|clone)/;
const MAX_PROCESSES = 65_536;
const MAX_CGROUPS = 8_192;
const MAX_GONE = 256;

/**
 * The process tree of the node, kept by the sensor's records. Records may repeat what is known (a snapshot overlaps
 * the events around it) and may be missing (drops): a process first met by an ordinary event is known by name only.
 */
export class ProcessTable {
  readonly #byPid = new Map<number, Entry>();
  readonly #containers = new Map<bigint, ContainerRef | undefined>();
  /** The processes that ended last. */
  readonly #gone = new Map<number, Process>();
  #snapshot: { readonly beganNs: bigint; readonly seen: Set<number> } | undefined;
  /** Processes that an event named before any exec, fork or snapshot did. */
  unknown = 0;

  get size(): number {
    return this.#byPid.size;
  }

  get(pid: number): Process | undefined {
    return this.#byPid.get(pid);
  }

  /** A living process, or one that ended lately: of a signal that ends it, the end may be told first. */
  find(pid: number): Process | undefined {
    return this.#byPid.get(pid) ?? this.#gone.get(pid);
  }

  /** Takes over what the record says, and answers its process as it then is; for an exit, as it last was. */
  apply(record: SensorRecord): Process {
    switch (record.type) {
      case 'fork':
      case 'vfork':
      case 'clone':
      case 'clone3':
        return this.#applyFork(record);
      case 'procexit':
        return this.#applyExit(record);
      case 'execve':
      case 'execveat':
        return record.result < 0 ? this.#meet(record) : this.#applyExec(record);
      case 'chdir':
      case 'fchdir':
        return this.#applyChdir(record);
      default:
        return this.#meet(record);
    }
  }

  beginSnapshot(beganNs: bigint): void {
    this.#snapshot = { beganNs, seen: new Set() };
  }

  /** One process of a snapshot. */
  applyExisting(record: SensorRecord): void {
    this.#snapshot?.seen.add(record.id('pid'));
    this.#applyExec(record);
  }

  /** Forgets processes that began before the snapshot and are not in it: their exits were lost. */
  endSnapshot(): void {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    if (snapshot === undefined) return;
    for (const entry of this.#byPid.values()) {
      if (entry.startNs < snapshot.beganNs && !snapshot.seen.has(entry.pid)) this.#remove(entry);
    }
  }

  #applyFork(record: SensorRecord): Process {
    const entry = this.#entryOf(record);
    const parent = this.#byPid.get(record.id('ppid'));
    // Until it execs, a child runs what its parent does.
    if (parent !== undefined) entry.image = { ...parent.image, name: record.comm };
    this.#update(entry, record);
    return entry;
  }

  #applyExec(record: SensorRecord): Process {
    const entry = this.#entryOf(record);
    entry.image = imageOf(record);
    this.#update(entry, record);
    return entry;
  }

  #applyChdir(record: SensorRecord): Process {
    const entry = this.#meet(record);
    const known = this.#byPid.get(entry.pid);
    if (known !== undefined && record.result >= 0) known.image = { ...known.image, cwd: record.walkedPath(4) };
    return entry;
  }

  #applyExit(record: SensorRecord): Process {
    const entry = this.#meet(record);
    const known = this.#byPid.get(entry.pid);
    if (known !== undefined) this.#remove(known);
    this.#remember(entry);
    return entry;
  }

  #remember(process: Process): void {
    this.#gone.delete(process.pid);
    this.#gone.set(process.pid, process);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > MAX_GONE && oldest !== undefined) this.#gone.delete(oldest);
  }

  /** The process of an ordinary event, kept in step with the parent and session that it has now. */
  #meet(record: SensorRecord): Process {
    const known = this.#byPid.get(record.id('pid'));
    const isNew = known?.startNs !== record.startNs;
    const entry = this.#entryOf(record);
    if (isNew) this.unknown++;
    this.#relate(entry, record);
    return entry;
  }

  #entryOf(record: SensorRecord): Entry {
    const pid = record.id('pid');
    const known = this.#byPid.get(pid);
    if (known?.startNs === record.startNs) return known;
    // Another process has got the number: the exit of the former one was lost.
    if (known !== undefined) this.#remove(known);
    const entry: Entry = {
      pid,
      startNs: record.startNs,
      image: { name: record.comm },
      parent: undefined,
      children: new Set(),
      sid: record.id('sid'),
      pgid: record.id('pgid'),
      vpid: record.id('vpid'),
      container: undefined,
    };
    this.#makeRoom();
    this.#byPid.set(pid, entry);
    return entry;
  }

  #update(entry: Entry, record: SensorRecord): void {
    const parentName = record.text(5);
    const ppid = record.id('ppid');
    const isOrphan = entry.parent === undefined && ppid !== 0 && !this.#byPid.has(ppid);
    if (isOrphan && parentName !== '') this.#addNamed(ppid, parentName);
    this.#relate(entry, record);
    const { parent } = entry;
    // A name set by prctl is told by no event; the kernel's word on the parent is fresher than ours.
    if (parent?.pid === record.id('ppid') && parentName !== '' && parent.image.name !== parentName) {
      parent.image = { ...parent.image, name: parentName };
    }
  }

  /**
   * A parent that nobody has told of, by its name alone: of what happened before the first snapshot, or after losses. When it
   * began is not known, so the next snapshot drops it, unless its own events have told more by then.
   */
  #addNamed(pid: number, name: string): void {
    this.#makeRoom();
    this.#byPid.set(pid, {
      pid,
      startNs: 0n,
      image: { name },
      parent: undefined,
      children: new Set(),
      sid: 0,
      pgid: 0,
      vpid: 0,
      container: undefined,
    });
  }

  #relate(entry: Entry, record: SensorRecord): void {
    entry.sid = record.id('sid');
    entry.pgid = record.id('pgid');
    this.#locate(entry, record);
    const ppid = record.id('ppid');
    const parent = ppid === entry.pid ? undefined : this.#byPid.get(ppid);
    // An exit is told shortly before the kernel gives the children away: until then they name a parent that is gone.
    const isOutside = ppid === 0;
    if (parent === entry.parent || (parent === undefined && !isOutside)) return;
    entry.parent?.children.delete(entry);
    entry.parent = parent;
    parent?.children.add(entry);
  }

  /** Execs and forks carry the path of their cgroup; every record has its id, which tells when a process was moved. */
  #locate(entry: Entry, record: SensorRecord): void {
    if (CARRIES_CGROUP.test(record.type) && record.bytes(4).length > 0) {
      if (this.#containers.size >= MAX_CGROUPS) this.#containers.clear();
      this.#containers.set(record.cgroupId, containerOfCgroup(record.walkedPath(4)));
    }
    if (this.#containers.has(record.cgroupId)) entry.container = this.#containers.get(record.cgroupId);
  }

  /** Children go to the nearest ancestor that lives, until an event of theirs tells where the kernel has put them. */
  #remove(entry: Entry): void {
    this.#byPid.delete(entry.pid);
    entry.parent?.children.delete(entry);
    for (const child of entry.children) {
      child.parent = entry.parent;
      entry.parent?.children.add(child);
    }
    entry.children.clear();
  }

  #makeRoom(): void {
    if (this.#byPid.size < MAX_PROCESSES) return;
    const [oldest] = this.#byPid.values();
    if (oldest !== undefined) this.#remove(oldest);
  }
}
