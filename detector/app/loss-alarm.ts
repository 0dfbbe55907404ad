import { LOSS_CAUSE_NAMES, lossCause, type LossCauseName } from './loss-causes.ts';
import type { LossTotals } from './incidents.ts';

/** So much was lost by one cause. */
export interface Loss {
  readonly cause: LossCauseName;
  readonly count: number;
}

interface Watched {
  /** The total when the interval began. */
  readonly before: number;
  readonly sinceNs: bigint;
  /** Something was told at the beginning of the interval: what comes in it has to wait for its end. */
  readonly isTold: boolean;
}

/** What is lost by one cause is added up for so long, and told once in so long. */
export const LOSS_INTERVAL_MS = 60_000;
const INTERVAL_NS = BigInt(LOSS_INTERVAL_MS) * 1_000_000n;

/** Says when more is being lost than may be passed over: per cause at most once an interval. */
export class LossAlarm {
  readonly #watched = new Map<LossCauseName, Watched>();

  /** To be called now and then; what is lost before the first call counts as well. */
  look(totals: LossTotals, nowNs: bigint): readonly Loss[] {
    return LOSS_CAUSE_NAMES.flatMap((cause) => this.#lookAt(cause, totals[cause], nowNs));
  }

  #lookAt(cause: LossCauseName, total: number, nowNs: bigint): readonly Loss[] {
    const { before, sinceNs, isTold } = this.#watched.get(cause) ?? { before: 0, sinceNs: nowNs, isTold: false };
    const isOver = nowNs - sinceNs >= INTERVAL_NS;
    const count = total - before;
    const isToTell = count >= lossCause(cause).alertFrom && (isOver || !isTold);
    const next = isToTell || isOver ? { before: total, sinceNs: nowNs, isTold: isToTell } : { before, sinceNs, isTold };
    this.#watched.set(cause, next);
    return isToTell ? [{ cause, count }] : [];
  }
}
