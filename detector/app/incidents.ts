/** Something that happened to the detector itself and left a hole in what it saw. */
export interface Incident {
  /** Wall clock, milliseconds since 1970. */
  readonly timeMs: number;
  /** `lost`: events were lost, `count` of them; `blind`: for a while nobody looked. */
  readonly kind: 'lost' | 'blind';
  readonly says: string;
  readonly count: number;
}

const KEPT = 500;

/** The latest incidents, so that a grade can ask whether there was one in its time. */
export class Incidents {
  readonly #list: Incident[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  lost(count: number, says: string): void {
    if (count > 0) this.#add({ timeMs: this.#now().getTime(), kind: 'lost', says, count });
  }

  blind(says: string): void {
    this.#add({ timeMs: this.#now().getTime(), kind: 'blind', says, count: 0 });
  }

  list(): readonly Incident[] {
    return [...this.#list];
  }

  #add(incident: Incident): void {
    this.#list.push(incident);
    if (this.#list.length > KEPT) this.#list.shift();
  }
}
