import { NO_HISTORY, addSample, readingOf, type PathHistory } from '../../meter/outages.ts';
import type { FailureClass, MeterReading } from '../../types.ts';

/** A minute of samples, for live views and quantiles. */
const RECENT = 1_200;

export interface TakenSample {
  readonly t: number;
  /** How long the answer took. */
  readonly ms: number;
  readonly error?: FailureClass;
  readonly detail?: string;
}

/** What the meter keeps of one path; of bounded size however long it runs. */
export interface PathLog {
  /** Opens a place in the order of the starts; call the result with the sample, or with undefined when it does not count. */
  begin(): (sample: TakenSample | undefined) => void;
  reading(missedTicks: number): MeterReading;
}

interface Place {
  result: TakenSample | 'pending' | 'void';
}

/**
 * A log of one path. Probes overlap and end in any order (one that times out ends after many later good ones), so
 * samples wait until all that started earlier have ended. `onChange` is told when the path begins to fail or comes back,
 * and of the first sample.
 */
export function pathLog(
  path: string,
  onChange: (sample: TakenSample, stretchMs: number) => void = () => undefined,
): PathLog {
  let history: PathHistory = NO_HISTORY;
  let stretchStart = 0;
  const places: Place[] = [];
  const times = new Float32Array(RECENT);
  const settle = (sample: TakenSample): void => {
    const wasOk = history.current === undefined;
    const isFirst = history.probes === 0;
    times[history.probes % RECENT] = sample.ms;
    history = addSample(path, history, sample);
    if (!isFirst && wasOk === (sample.error === undefined)) return;
    onChange(sample, isFirst ? 0 : sample.t - stretchStart);
    stretchStart = sample.t;
  };
  const drain = (): void => {
    for (let place = places[0]; place !== undefined && place.result !== 'pending'; place = places[0]) {
      places.shift();
      if (place.result !== 'void') settle(place.result);
    }
  };
  return {
    begin: () => {
      const place: Place = { result: 'pending' };
      places.push(place);
      return (sample) => {
        place.result = sample ?? 'void';
        drain();
      };
    },
    reading: (missedTicks) => ({
      ...readingOf(path, history, missedTicks),
      p99Ms: quantile(times.subarray(0, Math.min(history.probes, RECENT)), 0.99),
    }),
  };
}

function quantile(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
