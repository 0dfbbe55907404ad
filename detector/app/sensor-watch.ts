import { elapsedMs, type Clock } from '../../core/clock.ts';
import type { SensorStatistics } from '../source/messages.ts';
import type { Incidents } from './incidents.ts';

export interface SensorWatchOptions {
  readonly clock: Clock;
  readonly incidents: Incidents;
  /** Records were lost: the existing processes have to be reported again. */
  readonly onTreeIncomplete: () => void;
}

/** The sensor reports once a second; three missing reports are not a hiccup. */
export const SILENCE_MS = 3_000;
/** Not more often than this is the tree asked for again while events are being lost. */
const RESNAPSHOT_MS = 5_000;

/** What the sensor says of itself once a second: whether it lives, what it has lost, and how its clock stands to the wall's. */
export class SensorWatch {
  readonly #options: SensorWatchOptions;
  #statistics: SensorStatistics | undefined;
  #heartbeatNs: bigint | undefined;
  #wallOffsetNs: bigint;
  #resnapshotNs = 0n;

  constructor(options: SensorWatchOptions) {
    const { clock } = options;
    this.#options = options;
    this.#wallOffsetNs = BigInt(clock.now().getTime()) * 1_000_000n - clock.monotonicNs();
  }

  /** From CLOCK_MONOTONIC to nanoseconds since 1970. */
  get wallOffsetNs(): bigint {
    return this.#wallOffsetNs;
  }

  /** Undefined until the first report. */
  get statistics(): SensorStatistics | undefined {
    return this.#statistics;
  }

  /** How long ago the latest report was; undefined until the first. */
  get heartbeatAgeMs(): number | undefined {
    return this.#heartbeatNs === undefined
      ? undefined
      : elapsedMs(this.#heartbeatNs, this.#options.clock.monotonicNs());
  }

  accept(statistics: SensorStatistics): void {
    const { clock, incidents } = this.#options;
    const before = this.#statistics;
    const silentMs = this.heartbeatAgeMs ?? 0;
    this.#statistics = statistics;
    this.#wallOffsetNs = statistics.realtimeOffsetNs;
    this.#heartbeatNs = clock.monotonicNs();
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

function silence(silentMs: number): string {
  return `the sensor was silent for ${(silentMs / 1000).toFixed(1)} s`;
}
