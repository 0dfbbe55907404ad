import type { HeldShell } from './protocol.ts';

const KEPT_CHARACTERS = 64 * 1024;

/** What a session is connected to; it reports back through the HeldSession that it was given. */
export interface Wire {
  send(text: string): void;
  /** Asks what runs at the far end to go; a runtime leaves a command alone whose stream is merely closed. */
  hangUp?(): void;
  close(): void;
}

/** One session that is held: its state, what it said, and who waits for it to get somewhere. */
export class HeldSession {
  readonly id: string;
  readonly kind: HeldShell['kind'];
  #state: HeldShell['state'] = 'connecting';
  #why: string | undefined;
  #output = '';
  #wire: Wire | undefined;
  #watchers: (() => void)[] = [];

  constructor(id: string, kind: HeldShell['kind']) {
    this.id = id;
    this.kind = kind;
  }

  /** The wire is up; typed text goes to it from now on. */
  connected(wire: Wire): void {
    this.#wire = wire;
  }

  opened(): void {
    if (this.#state === 'connecting') this.#become('open');
  }

  said(text: string): void {
    this.#output = (this.#output + text).slice(-KEPT_CHARACTERS);
    this.opened();
  }

  /** The first reason counts: what follows a refusal is only the echo of it. */
  closed(why: string): void {
    this.#why ??= why;
    this.#become('closed');
  }

  type(text: string): void {
    if (this.#state !== 'open' || !this.#wire) throw new Error(`the session ${this.id} is ${this.#state}`);
    this.#wire.send(text);
  }

  /** Resolves when the far end has gone, or when it did not go within the time. */
  async end(graceMs: number): Promise<void> {
    const isOpen = this.#state === 'open' && this.#wire?.hangUp !== undefined;
    this.#why ??= 'ended by the keeper';
    if (isOpen) {
      this.#wire?.hangUp?.();
      await this.#changed(graceMs);
    }
    this.closed('ended by the keeper');
    this.#wire?.close();
  }

  view(): HeldShell {
    return {
      id: this.id,
      kind: this.kind,
      state: this.#state,
      output: this.#output,
      ...(this.#why === undefined ? {} : { why: this.#why }),
    };
  }

  /** Resolves when the state is not `connecting` any more. */
  settled(): Promise<void> {
    if (this.#state !== 'connecting') return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  #changed(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #become(state: HeldShell['state']): void {
    this.#state = state;
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}
