import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownRules } from '../detector/addon/own-rules.ts';
import { MAGIC } from '../detector/recording/binary/layout.ts';
import { median, type Bench, type BenchIo, type Figure } from './lib.ts';
import { runBundled } from './support/bundled.ts';
import { everyRule, readCorpora, type Corpora } from './support/corpora.ts';
import { engineRate, eventsOf } from './support/new-values.ts';
import { recordingOf } from './support/recording.ts';
import { judgeFrames, judgeLines, parseLines, type Judged } from './support/replay-rate.ts';

const EVENTS = 1_000_000;
const ROUNDS = 5;
const JSON_PASSES = 10;
const ENGINE_PASSES = 15;

/**
 * How fast recorded events are judged, on one thread. In each round every set of rules takes its turn, so that what else
 * the machine does meets all of them; a round without rules is the floor. The first round compiles, and does not count.
 */
const bench: Bench = {
  says: `the recorded attacks as one binary recording of ${String(EVENTS)} events, ${String(ROUNDS)} rounds; and as JSON lines`,
  run: async (io) => {
    const corpora = readCorpora();
    const passes = Math.ceil(EVENTS / corpora.maps.length);
    const frames = recordingOf(corpora.maps, passes);
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
    io.say(`${String(corpora.maps.length)} events, ${String(passes)} times; ${(bytes / 1e6).toFixed(1)} MB as frames`);
    const own = everyRule(ownRules());
    const sets = { stable: corpora.stable, all: corpora.all, own, none: { ...own, rules: [] } };
    return [
      ...replayFigures(
        inTurns(sets, (ruleset) => judgeFrames(ruleset, frames), io),
        passes,
        corpora,
      ),
      ...fileFigures(corpora, frames, passes),
      ...lineFigures(corpora, io),
      ...newValueFigures(corpora, io),
    ];
  },
};

export default bench;

type Rounds<N extends string, T> = Readonly<Record<N, readonly T[]>>;

/** What each thing gives in each round, without the first. */
function inTurns<N extends string, S, T>(things: Readonly<Record<N, S>>, measure: (thing: S) => T, io: BenchIo) {
  const names = Object.keys(things) as N[];
  const rounds = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<N, T[]>;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const result = measure(things[name]);
      if (round > 0) rounds[name].push(result);
    }
    if (round > 0) io.say(`round ${String(round)} of ${String(ROUNDS)}`);
  }
  return rounds satisfies Rounds<N, T>;
}

type Sets = 'stable' | 'all' | 'own' | 'none';

function replayFigures(rounds: Rounds<Sets, Judged>, passes: number, { recordedAlerts }: Corpora): readonly Figure[] {
  const rate = (name: Sets, by: 'perSecond' | 'perCpuSecond' = 'perSecond') => {
    const rates = rounds[name].map((judged) => judged[by]);
    return { value: median(rates), unit: 'per s' as const, note: `${millions(rates)} M` };
  };
  const [all] = rounds.all;
  return [
    { name: 'replay, 25 stable rules', ...rate('stable'), atLeast: 1_200_000 },
    { name: 'replay, 93 rules', ...rate('all'), atLeast: 800_000 },
    { name: '25 stable rules, by seconds of CPU', ...rate('stable', 'perCpuSecond') },
    { name: '93 rules, by seconds of CPU', ...rate('all', 'perCpuSecond') },
    { name: 'our own rules, by seconds of CPU', ...rate('own', 'perCpuSecond') },
    { name: 'without rules, by seconds of CPU: the floor', ...rate('none', 'perCpuSecond') },
    { name: 'CPU of 25 rules against the floor', value: ratio(rounds, 'stable'), unit: 'x' },
    { name: 'CPU of 93 rules against the floor', value: ratio(rounds, 'all'), unit: 'x' },
    exactly('alerts of 93 rules, each pass', (all?.alerts ?? 0) / passes, recordedAlerts),
    {
      name: 'allocated per event, 93 rules',
      value: median(rounds.all.map(bytesOf)),
      unit: 'B',
      note: 'alerts included',
    },
    { name: 'allocated per event, without rules', value: median(rounds.none.map(bytesOf)), unit: 'B' },
  ];
}

/** How many times the CPU of a replay without rules, in the same round. */
function ratio(rounds: Rounds<Sets, Judged>, name: Sets): number {
  return median(
    rounds[name].map(({ perCpuSecond }, round) => (rounds.none[round]?.perCpuSecond ?? Number.NaN) / perCpuSecond),
  );
}

/** A user's replay of a file: a new process, which loads the rules, reads the disk and compiles as it goes. */
function fileFigures({ allFiles }: Corpora, frames: readonly Buffer[], passes: number): readonly Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-bench-'));
  try {
    const events = join(folder, 'million.kdr');
    writeFileSync(events, Buffer.concat([MAGIC, ...frames]));
    const printed = runBundled('replay-file', [events, ...allFiles]);
    const { alerts, seconds, peakMb } = JSON.parse(printed) as Readonly<Record<string, number>>;
    const note = `a new process, ${String(alerts)} alerts = ${String(passes)} times ${String((alerts ?? 0) / passes)}`;
    return [
      { name: 'replay of the file, 93 rules, in all', value: seconds ?? Number.NaN, unit: 's', note },
      { name: 'replay of the file, 93 rules, most memory', value: peakMb ?? Number.NaN, unit: 'MB' },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function lineFigures({ stable, all, lines }: Corpora, io: BenchIo): readonly Figure[] {
  const many = Array.from({ length: JSON_PASSES }, () => lines).flat();
  const measures = {
    stable: () => judgeLines(stable, many),
    all: () => judgeLines(all, many),
    parse: () => parseLines(many),
  };
  const rates = inTurns(measures, (measure) => measure(), io);
  const figure = (name: keyof typeof measures) => ({ value: median(rates[name]), unit: 'per s' as const });
  return [
    { name: 'JSON lines, 25 stable rules', ...figure('stable') },
    { name: 'JSON lines, 93 rules', ...figure('all') },
    { name: 'JSON lines, only JSON.parse: the floor', ...figure('parse') },
  ];
}

/** The engine remembers values, and the recording repeats them: what it does where none comes twice. */
function newValueFigures({ all, maps }: Corpora, io: BenchIo): readonly Figure[] {
  const rates = inTurns(
    {
      repeated: eventsOf(maps, { passes: ENGINE_PASSES, areTextsNew: false }),
      new: eventsOf(maps, { passes: ENGINE_PASSES, areTextsNew: true }),
    },
    (events) => engineRate(all, events),
    io,
  );
  const ratios = rates.new.map((rate, round) => (rates.repeated[round] ?? Number.NaN) / rate);
  return [
    { name: 'engine alone, 93 rules, maps', value: median(rates.repeated), unit: 'per s' },
    { name: '… no path or command line comes twice', value: median(rates.new), unit: 'per s' },
    { name: '… against texts that do', value: median(ratios), unit: 'x' },
  ];
}

function exactly(name: string, value: number, expected: number): Figure {
  return { name, value, unit: 'count', atLeast: expected, atMost: expected };
}

function bytesOf({ bytesPerEvent }: Judged): number {
  return bytesPerEvent;
}

function millions(rates: readonly number[]): string {
  return rates.map((rate) => (rate / 1e6).toFixed(2)).join(' ');
}
