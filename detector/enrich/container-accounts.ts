import type { Clock } from '../../core/clock.ts';
import { elapsedMs } from '../../core/clock.ts';
import { parseAccounts, type AccountNames } from './accounts.ts';

/** Who there is in a container, by its own /etc/passwd and /etc/group. */
export interface Accounts {
  readonly users: AccountNames;
  readonly groups: AccountNames;
}

/** The name is not known yet, but has been asked for. */
export const NOT_YET = Symbol('not yet');

export interface ContainerAccountsOptions {
  readonly clock: Clock;
  /** Asks for the files of a container, which come by accept(); false when nobody can be asked. */
  readonly ask: (containerId: string) => boolean;
}

interface Entry {
  accounts: Accounts | undefined;
  readNs: bigint;
  /** Undefined while nothing is asked. */
  askedNs: bigint | undefined;
}

/** The sensor takes 16 questions at once. */
const MAX_ASKED = 8;
/** A question that was not answered for so long never will be, and does not keep others from being asked. */
const ANSWER_MS = 2_000;
/** Containers change their accounts: an account that is not there is looked for again after this, */
const LOOK_AGAIN_MS = 5_000;
/** and one that is there is read again after this, while its old name serves. */
const REFRESH_MS = 60_000;
/** What a container writes into its files must not fill the engine's memory: names of one file, and of all. */
const MAX_NAMES = 1_000;
const MAX_ALL_NAMES = 20_000;

/** The accounts of this node's containers, asked for when an event names one and kept while there is room. */
export class ContainerAccounts {
  readonly #options: ContainerAccountsOptions;
  /** The one that was used last comes last. */
  readonly #entries = new Map<string, Entry>();
  #names = 0;

  constructor(options: ContainerAccountsOptions) {
    this.#options = options;
  }

  /** The name of an account, undefined for a number without one. To be called again after NOT_YET: that asks, when it could not. */
  name(containerId: string, kind: keyof Accounts, id: number): string | undefined | typeof NOT_YET {
    const entry = this.#entryOf(containerId);
    const ageMs = elapsedMs(entry.readNs, this.#options.clock.monotonicNs());
    const name = entry.accounts?.[kind].get(id);
    if (name !== undefined) {
      if (ageMs >= REFRESH_MS) this.#ask(containerId, entry);
      return name;
    }
    if (entry.accounts !== undefined && ageMs < LOOK_AGAIN_MS) return undefined;
    this.#ask(containerId, entry);
    return NOT_YET;
  }

  /** What is known of a container without asking. */
  known(containerId: string): Accounts | undefined {
    return this.#entries.get(containerId)?.accounts;
  }

  /** Takes over the texts of the two files, which are empty where a container has none. */
  accept({ containerId, passwd, group }: AccountTexts): void {
    const entry = this.#entryOf(containerId);
    this.#names -= namesIn(entry);
    entry.accounts = { users: parseAccounts(passwd, MAX_NAMES), groups: parseAccounts(group, MAX_NAMES) };
    entry.readNs = this.#options.clock.monotonicNs();
    entry.askedNs = undefined;
    this.#names += namesIn(entry);
    this.#makeRoom();
  }

  /** The sensor has gone: what was asked is not answered any more. */
  forgetQuestions(): void {
    for (const entry of this.#entries.values()) entry.askedNs = undefined;
  }

  #entryOf(containerId: string): Entry {
    const entry = this.#entries.get(containerId) ?? { accounts: undefined, readNs: 0n, askedNs: undefined };
    this.#entries.delete(containerId);
    this.#entries.set(containerId, entry);
    return entry;
  }

  #ask(containerId: string, entry: Entry): void {
    const nowNs = this.#options.clock.monotonicNs();
    if (isOpen(entry, nowNs)) return;
    const open = [...this.#entries.values()].filter((other) => isOpen(other, nowNs)).length;
    if (open < MAX_ASKED && this.#options.ask(containerId)) entry.askedNs = nowNs;
  }

  /** An entry costs as much as a name, so that containers without accounts are forgotten as well. */
  #makeRoom(): void {
    for (const [containerId, entry] of this.#entries) {
      if (this.#names + this.#entries.size <= MAX_ALL_NAMES) return;
      this.#names -= namesIn(entry);
      this.#entries.delete(containerId);
    }
  }
}

interface AccountTexts {
  readonly containerId: string;
  readonly passwd: string;
  readonly group: string;
}

function isOpen({ askedNs }: Entry, nowNs: bigint): boolean {
  return askedNs !== undefined && elapsedMs(askedNs, nowNs) < ANSWER_MS;
}

function namesIn({ accounts }: Entry): number {
  return accounts === undefined ? 0 : accounts.users.size + accounts.groups.size;
}
