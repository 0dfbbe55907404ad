import { replayJson } from '../../detector/alert/index.ts';
import { createEngine } from '../../detector/engine/index.ts';
import { parseJson } from '../../detector/event/json.ts';
import { MapEvent, type FieldMap } from '../../detector/event/map-event.ts';
import { readBinaryField } from '../../detector/recording/binary/event.ts';
import { RecordingReader } from '../../detector/recording/binary/reader.ts';
import type { Ruleset } from '../../detector/ruleset/index.ts';
import { median } from '../lib.ts';

/** Who recorded the attacks did so on a host; see docs/detector.md. */
const DEFAULTS: FieldMap = { 'container.id': 'host' };
const SAMPLE_EVENTS = 2_000;

export interface Judged {
  readonly perSecond: number;
  /** By the time that the process was on a CPU, all its threads together: what a loaded machine leaves nearly alone. */
  readonly perCpuSecond: number;
  readonly alerts: number;
  /** The median over samples in which the garbage collector did not run. */
  readonly bytesPerEvent: number;
}

/**
 * Judges a binary recording that is in memory, with a new engine and a new reader. Timed is all that a replay does then:
 * dictionaries and rows, an object for each event, the engine, and every alert as a line of JSON.
 */
export function judgeFrames(ruleset: Ruleset, frames: readonly Buffer[]): Judged {
  const engine = createEngine({ ruleset, matching: 'all', readField: readBinaryField });
  const reader = new RecordingReader({ defaults: DEFAULTS });
  const allocated: number[] = [];
  let [events, alerts, heapBytes] = [0, 0, process.memoryUsage().heapUsed];
  const [startNs, startCpu] = [process.hrtime.bigint(), process.cpuUsage()];
  for (const frame of frames) {
    for (const event of reader.frame(frame)) {
      for (const alert of engine.process(event)) if (replayJson(alert) !== '') alerts++;
      if (++events % SAMPLE_EVENTS !== 0) continue;
      const nowBytes = process.memoryUsage().heapUsed;
      if (nowBytes > heapBytes) allocated.push((nowBytes - heapBytes) / SAMPLE_EVENTS);
      heapBytes = nowBytes;
    }
  }
  return {
    perSecond: events / secondsSince(startNs),
    perCpuSecond: events / cpuSecondsSince(startCpu),
    alerts,
    bytesPerEvent: median(allocated),
  };
}

/** Lines a second: parsed, judged, and the alerts printed. */
export function judgeLines(ruleset: Ruleset, lines: readonly string[]): number {
  const engine = createEngine({ ruleset, matching: 'all' });
  return lineRate(lines, (line) => {
    const event = new MapEvent(parseJson(line) as FieldMap, { defaults: DEFAULTS });
    for (const alert of engine.process(event)) replayJson(alert);
  });
}

/** Lines a second that the language's own parser reads, which rounds big integers: no reader of JSON lines is faster. */
export function parseLines(lines: readonly string[]): number {
  return lineRate(lines, (line) => JSON.parse(line));
}

function lineRate(lines: readonly string[], judge: (line: string) => unknown): number {
  const startNs = process.hrtime.bigint();
  for (const line of lines) judge(line);
  return lines.length / secondsSince(startNs);
}

function secondsSince(startNs: bigint): number {
  return Number(process.hrtime.bigint() - startNs) / 1e9;
}

function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
