import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectKube, execaRunner, pathsFrom, silentReporter, systemClock } from '../core/index.ts';
import { down, endPool, makePool, poolStatus, up, type LabDeps } from '../labs/index.ts';
import { median, timedMs, type Bench, type BenchIo } from './lib.ts';

const LAB = 'bench-pool';
const ROUNDS = 3;
/** Longer than the 50 s after which a cluster calls nodes NotReady whose leases are old. */
const REST_MS = 75_000;

/**
 * `up` from the pool, as a user has it: until the API answers, and until nodes are Ready and a fresh matrix has passed; and what it costs to prepare one.
 * Ends the pool that there is. `npm run bench -- pool [ROUNDS]`.
 */
const bench: Bench = {
  says: `prepare a lab, let it rest ${String(REST_MS / 1000)} s, take it; all images cached`,
  run: async (io) => {
    const { env } = process;
    const deps = { runner: execaRunner(), paths: pathsFrom(env), clock: systemClock, reporter: silentReporter, env };
    if ((await poolStatus(deps)).settings !== null) throw new Error('there is a pool: kubedrill down --pool first');
    const rounds: Round[] = [];
    try {
      for (let round = 0; round < Number(io.args[0] ?? ROUNDS); round++) rounds.push(await oneRound(deps, io));
    } finally {
      await endPool(deps);
    }
    const of = (key: keyof Round): readonly number[] => rounds.map((round) => round[key] / 1000);
    return [
      { name: 'prepare one lab', value: median(of('prepareMs')), unit: 's' },
      { name: 'up until the API answers, median', value: median(of('apiMs')), unit: 's', atMost: 2 },
      { name: 'up until the API answers, slowest', value: Math.max(...of('apiMs')), unit: 's', atMost: 2 },
      { name: 'up, nodes Ready and a fresh matrix, median', value: median(of('upMs')), unit: 's', atMost: 12 },
      { name: 'up, nodes Ready and a fresh matrix, slowest', value: Math.max(...of('upMs')), unit: 's', atMost: 12 },
    ];
  },
};

export default bench;

interface Round {
  readonly prepareMs: number;
  readonly apiMs: number;
  readonly upMs: number;
}

async function oneRound(deps: LabDeps, io: BenchIo): Promise<Round> {
  const prepareMs = await timedMs(() => makePool(deps, 1));
  io.say(`prepared: ${seconds(prepareMs)}`);
  await systemClock.sleep(REST_MS);
  try {
    const taking = new AbortController();
    const answering = timedMs(() => untilApiAnswers(deps, taking.signal));
    const upMs = await timedMs(() => up(deps, { name: LAB, pool: 'use' }));
    taking.abort();
    const apiMs = await answering;
    io.say(`up: API ${seconds(apiMs)}, all proven ${seconds(upMs)}`);
    return { prepareMs, apiMs, upMs };
  } finally {
    await down(deps, LAB);
  }
}

/** Asks the API server of the lab, as soon as it has a kubeconfig, whether it is ready. */
async function untilApiAnswers({ paths }: LabDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const kubeconfig = await readFile(join(paths.state, LAB, 'kubeconfig'), 'utf8');
      const { status } = await (await connectKube({ kubeconfig })).raw('GET', '/readyz');
      if (status === 200) return;
    } catch {
      // Not there yet, or not awake.
    }
    await systemClock.sleep(50);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
