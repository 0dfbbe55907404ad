/** What a bench gets from the runner. */
export interface BenchIo {
  /** Words after the bench's name on the command line. */
  readonly args: readonly string[];
  /** Talk while it runs; goes to stderr. */
  say(text: string): void;
}

/** One number of a bench. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `x` is a ratio of two times of the same run: the figure to trust on a noisy machine. */
  readonly unit: 'ms' | 's' | 'B' | 'MB' | 'x' | 'count' | 'per s';
  /** The bound that the project has set itself; only printed beside the value, never a failure. */
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly note?: string;
}

/** A number that cannot be had here. */
export interface Unmeasured {
  readonly name: string;
  readonly why: string;
}

export type BenchLine = Figure | Unmeasured;

/** A bench is the default export of `bench/<name>.ts`. */
export interface Bench {
  readonly says: string;
  readonly run: (io: BenchIo) => Promise<readonly BenchLine[]>;
}

export async function timedMs(work: () => Promise<unknown>): Promise<number> {
  const startNs = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - startNs) / 1e6;
}

/** Times of `count` runs of `work`, one after the other. */
export async function repeatMs(count: number, work: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < count; run++) times.push(await timedMs(work));
  return times;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` (0 to 1) of the values lies, interpolated; NaN without values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** A figure as one line: name, value, bound, and whether the value keeps it. */
export function figureLine(line: BenchLine): string {
  const name = line.name.padEnd(44);
  if ('why' in line) return `${name} NOT MEASURED: ${line.why}`;
  const { value, unit, atMost, atLeast, note } = line;
  const bounds = [
    ...(atMost === undefined ? [] : [`at most ${round(atMost)}: ${value <= atMost ? 'kept' : 'NOT kept'}`]),
    ...(atLeast === undefined ? [] : [`at least ${round(atLeast)}: ${value >= atLeast ? 'kept' : 'NOT kept'}`]),
    ...(note === undefined ? [] : [note]),
  ];
  const tail = bounds.length === 0 ? '' : `  (${bounds.join('; ')})`;
  return `${name} ${round(value).padStart(10)} ${unit}${tail}`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
