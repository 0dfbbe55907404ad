import { replayJson } from '../detector/alert/index.ts';
import { ownRules } from '../detector/addon/own-rules.ts';
import { createEngine } from '../detector/engine/index.ts';
import { parseJson } from '../detector/event/json.ts';
import { MapEvent, type FieldMap } from '../detector/event/map-event.ts';
import type { DetectorEvent } from '../detector/event/types.ts';
import { readBinaryField } from '../detector/recording/binary/event.ts';
import { RecordingReader } from '../detector/recording/binary/reader.ts';
import { RecordingWriter } from '../detector/recording/binary/writer.ts';
import type { Ruleset } from '../detector/ruleset/index.ts';
import { median, type Bench, type Figure } from './lib.ts';
import { everyRule, readCorpora, type Corpora } from './support/corpora.ts';

const EVENTS = 1_000_000;
const JSON_EVENTS = 40_000;
const ROUNDS = 5;
const DEFAULTS: FieldMap = { 'container.id': 'host' };

/**
 * How fast recorded events are judged, on one thread. Timed is all that a replay does once the bytes of the recording
 * are in memory: reading dictionaries and rows, one object for each event, the engine, and every alert as a line of
 * JSON. Loading the rules and reading the disk are not; a new engine and a new reader each round are.
 */
const bench: Bench = {
  says: `the recorded attacks as one binary recording of ${String(EVENTS)} events, ${String(ROUNDS)} rounds; and as JSON lines`,
  run: async (io) => {
    const say = (text: string) => io.say(text);
    const corpora = readCorpora();
    const passes = Math.ceil(EVENTS / corpora.maps.length);
    const frames = recordingOf(corpora, passes);
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
    say(`${String(corpora.maps.length)} events, ${String(passes)} times; ${(bytes / 1e6).toFixed(1)} MB as frames`);
    const own = everyRule(ownRules());
    const stable = measure('25 stable rules', corpora.stable, frames, say);
    const all = measure('93 rules', corpora.all, frames, say);
    const ours = measure(`our own ${String(own.rules.length)} rules`, own, frames, say);
    return [
      { name: 'replay, 25 stable rules', value: stable.perSecond, unit: 'per s', atLeast: 1_200_000 },
      { name: 'replay, 93 rules', value: all.perSecond, unit: 'per s', atLeast: 800_000 },
      { name: 'replay, our own rules', value: ours.perSecond, unit: 'per s' },
      {
        name: 'replay without rules',
        value: measure('no rules', { ...own, rules: [] }, frames, say).perSecond,
        unit: 'per s',
      },
      { name: 'JSON lines, 25 stable rules', value: jsonRate(corpora.stable, corpora.lines), unit: 'per s' },
      { name: 'JSON lines, 93 rules', value: jsonRate(corpora.all, corpora.lines), unit: 'per s' },
      expectation('alerts of 93 rules, each pass', all.alerts / passes, corpora.recordedAlerts),
      { name: 'alerts of 25 rules, each pass', value: stable.alerts / passes, unit: 'count' },
      { name: 'bytes allocated per event, 93 rules', value: all.bytesPerEvent, unit: 'count', note: 'alerts included' },
      { name: 'memory of the bench, recording included', value: process.memoryUsage().rss / 1e6, unit: 'MB' },
    ];
  },
};

export default bench;

/** Number and time go on from pass to pass, so that every event is one of its own. */
function recordingOf({ maps }: Corpora, passes: number): readonly Buffer[] {
  const writer = new RecordingWriter();
  const frames: (Buffer | undefined)[] = [];
  for (let pass = 0; pass < passes; pass++) {
    for (const [index, fields] of maps.entries()) {
      const number = pass * maps.length + index + 1;
      const timeNs = new MapEvent(fields).timeNs + BigInt(pass) * 3_600_000_000_000n;
      frames.push(writer.add({ ...fields, 'evt.num': number, 'evt.rawtime': timeNs }, number));
    }
  }
  frames.push(writer.flush());
  return frames.filter((frame) => frame !== undefined);
}

interface Measured {
  readonly perSecond: number;
  readonly alerts: number;
  readonly bytesPerEvent: number;
}

function measure(name: string, ruleset: Ruleset, frames: readonly Buffer[], say: (text: string) => void): Measured {
  const rates: number[] = [];
  let last = { events: 0, alerts: 0, bytesPerEvent: 0 };
  for (let round = 0; round <= ROUNDS; round++) {
    const startNs = process.hrtime.bigint();
    last = judgeAll(ruleset, eventsOf(frames));
    const seconds = Number(process.hrtime.bigint() - startNs) / 1e9;
    // The first round is that in which the closures are compiled.
    if (round > 0) rates.push(last.events / seconds);
  }
  say(`${name}: ${rates.map((rate) => `${(rate / 1e6).toFixed(2)} M`).join(', ')} events/s`);
  return { ...last, perSecond: median(rates) };
}

function* eventsOf(frames: readonly Buffer[]): Generator<DetectorEvent> {
  const reader = new RecordingReader({ defaults: DEFAULTS });
  for (const frame of frames) yield* reader.frame(frame);
}

const SAMPLE_EVENTS = 2_000;

function judgeAll(ruleset: Ruleset, recorded: Iterable<DetectorEvent>) {
  const engine = createEngine({ ruleset, matching: 'all', readField: readBinaryField });
  const allocated: number[] = [];
  let [events, alerts, heapBytes] = [0, 0, process.memoryUsage().heapUsed];
  for (const event of recorded) {
    for (const alert of engine.process(event)) if (replayJson(alert) !== '') alerts++;
    if (++events % SAMPLE_EVENTS !== 0) continue;
    const nowBytes = process.memoryUsage().heapUsed;
    // Less than before when the garbage was collected in between.
    if (nowBytes > heapBytes) allocated.push((nowBytes - heapBytes) / SAMPLE_EVENTS);
    heapBytes = nowBytes;
  }
  return { events, alerts, bytesPerEvent: median(allocated) };
}

function jsonRate(ruleset: Ruleset, lines: readonly string[]): number {
  const engine = createEngine({ ruleset, matching: 'all' });
  const startNs = process.hrtime.bigint();
  for (let index = 0; index < JSON_EVENTS; index++) {
    const fields = parseJson(lines[index % lines.length] ?? '') as FieldMap;
    engine.process(new MapEvent(fields, { defaults: DEFAULTS })).map(replayJson);
  }
  return JSON_EVENTS / (Number(process.hrtime.bigint() - startNs) / 1e9);
}

function expectation(name: string, value: number, expected: number): Figure {
  return { name, value, unit: 'count', atLeast: expected, atMost: expected };
}
