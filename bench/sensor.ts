import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubedrillError, packageRoot } from '../core/index.ts';
import { requestFor } from '../detector/app/sensor-request.ts';
import { createEngine } from '../detector/engine/index.ts';
import { PROVIDED } from '../detector/enrich/provided.ts';
import { loadRulesFrom } from '../detector/recording/load-rules.ts';
import { OpenClass, type SensorRequest } from '../detector/source/messages.ts';
import { askAndLeave, buildSensor, sensorGap, startSensor, waitForMessage } from '../test/support/sensor.ts';
import { median, timedMs, type Bench, type Figure } from './lib.ts';

const ROUNDS = 7;
const CALLS = ['getppid', 'open+close', 'spawn+wait'] as const;
/** The project's own bounds. */
const AT_MOST: Readonly<Record<(typeof CALLS)[number], number>> = {
  getppid: Infinity,
  'open+close': 1.25,
  'spawn+wait': 1.06,
};
/** One hooked call that nobody does: what hooking anything costs all calls. */
const FLOOR: SensorRequest = { types: new Set(['delete_module']), openClasses: OpenClass.all };

/** What the sensor costs other programs; `npm run bench sensor -- RULES…`, by default with our own rules. Needs root. */
const bench: Bench = {
  says: `calls of a program in ${String(ROUNDS)} rounds: no sensor, one that wants nothing, one that wants what the rules want`,
  run: async (io) => {
    const gap = sensorGap();
    if (gap !== undefined)
      throw new KubedrillError({ what: 'the sensor cannot run here', why: gap.trim(), hint: 'sudo' });
    const request = await wantedBy(io.args);
    const built = buildSensor();
    const program = buildProgram();
    try {
      const costs = { off: [], floor: [], on: [] } as Record<Setting, number[][]>;
      const startsMs: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        costs.off.push(measure(program.file));
        costs.floor.push(await withSensor(built.file, FLOOR, program.file, []));
        costs.on.push(await withSensor(built.file, request, program.file, startsMs));
        io.say(`round ${String(round + 1)}: ${JSON.stringify(costs.on.at(-1)?.map(Math.round))} ns`);
      }
      return [
        ...CALLS.flatMap((call, n) => figuresOf(call, n, costs)),
        { name: 'start to first event', value: median(startsMs) / 1000, unit: 's', atMost: 2 },
      ];
    } finally {
      built.remove();
      program.remove();
    }
  },
};

export default bench;

type Setting = 'off' | 'floor' | 'on';

async function wantedBy(files: readonly string[]): Promise<SensorRequest> {
  const ruleset = await loadRulesFrom(files.length > 0 ? files : undefined, { provision: PROVIDED });
  return requestFor(ruleset, createEngine({ ruleset }));
}

function buildProgram(): { readonly file: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-bench-'));
  const file = join(folder, 'calls');
  execFileSync('gcc', ['-O2', join(packageRoot(), 'bench', 'support', 'calls.c'), '-o', file]);
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}

/** Nanoseconds, in the order of CALLS. */
function measure(program: string): number[] {
  return JSON.parse(execFileSync(program, { encoding: 'utf8' })) as number[];
}

async function withSensor(
  file: string,
  request: SensorRequest,
  program: string,
  startsMs: number[],
): Promise<number[]> {
  let sensor: Awaited<ReturnType<typeof startSensor>> | undefined;
  const startMs = await timedMs(async () => {
    sensor = await startSensor(file);
    const always = { ...request, types: new Set([...request.types, 'execve']) };
    await askAndLeave(sensor.socketPath, always, () => execFileSync('true'));
  });
  startsMs.push(startMs);
  if (sensor === undefined) return [];
  try {
    await sensor.connect();
    await waitForMessage(sensor, 'a heartbeat', ({ kind }) => (kind === 'statistics' ? true : undefined));
    return measure(program);
  } finally {
    await sensor.stop();
  }
}

function figuresOf(
  call: (typeof CALLS)[number],
  n: number,
  costs: Readonly<Record<Setting, number[][]>>,
): readonly Figure[] {
  const of = (setting: Setting): number => median(costs[setting].map((round) => round[n] ?? Number.NaN));
  const ratio = (setting: Setting): number =>
    median(costs[setting].map((round, index) => (round[n] ?? Number.NaN) / (costs.off[index]?.[n] ?? Number.NaN)));
  const note = `${of('off').toFixed(0)} ns off, ${of('floor').toFixed(0)} floor, ${of('on').toFixed(0)} on`;
  const bound = AT_MOST[call] === Infinity ? {} : { atMost: AT_MOST[call] };
  return [
    { name: `${call}, floor`, value: ratio('floor'), unit: 'x' },
    { name: `${call}, sensor on`, value: ratio('on'), unit: 'x', note, ...bound },
  ];
}
