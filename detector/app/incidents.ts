import type { EventSource } from '../event/types.ts';
import { LOSS_CAUSE_NAMES, lossCause, type GradeEffect, type LossCauseName } from './loss-causes.ts';

/** Something that happened to the detector itself and left a hole in what it saw or knew. */
export interface Incident {
  /** Of the latest loss in it: wall clock, milliseconds since 1970. */
  readonly timeMs: number;
  readonly cause: LossCauseName;
  readonly grade: GradeEffect;
  /** Of whose events. */
  readonly source?: EventSource;
  /** What was lost; `count` of them. */
  readonly says: string;
  /** 0 where nobody looked, as nobody knows. */
  readonly count: number;
}

export type LossTotals = Readonly<Record<LossCauseName, number>>;

/** One that goes on while more of the same comes. */
interface Growing {
  readonly firstMs: number;
  latest: Incident;
}

const KEPT = 500;
/** Losses of one cause within this time are one incident: a flood must not wash away what else happened. */
const MERGED_MS = 1_000;

/** The latest incidents, so that a grade can ask whether there was one in its time, and the number of all by cause. */
export class Incidents {
  readonly #now: () => Date;
  readonly #totals: Record<LossCauseName, number>;
  readonly #growing = new Map<LossCauseName, Growing>();
  readonly #list: Growing[] = [];

  constructor(now: () => Date) {
    this.#now = now;
    this.#totals = Object.fromEntries(LOSS_CAUSE_NAMES.map((cause) => [cause, 0])) as Record<LossCauseName, number>;
  }

  /** Notes that something was lost; `says` tells more of it than the cause alone. */
  note(cause: LossCauseName, count = 1, says: string = lossCause(cause).says): void {
    if (count <= 0) return;
    this.#totals[cause] += count;
    const { grade, source, isBlind = false } = lossCause(cause);
    const ofSource = source === undefined ? {} : { source };
    this.#add({ timeMs: this.#now().getTime(), cause, grade, ...ofSource, says, count: isBlind ? 0 : count });
  }

  totals(): LossTotals {
    return { ...this.#totals };
  }

  /** In the order in which they began. */
  list(): readonly Incident[] {
    return this.#list.map(({ latest }) => latest);
  }

  #add(incident: Incident): void {
    const { cause, says, timeMs } = incident;
    const before = this.#growing.get(cause);
    if (before !== undefined && before.latest.says === says && timeMs - before.firstMs < MERGED_MS) {
      before.latest = { ...incident, count: incident.count + before.latest.count };
      return;
    }
    const begun = { firstMs: timeMs, latest: incident };
    this.#growing.set(cause, begun);
    this.#list.push(begun);
    if (this.#list.length > KEPT) this.#list.shift();
  }
}
