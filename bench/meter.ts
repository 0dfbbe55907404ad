import { KubedrillError, type NodeHandle } from '../core/index.ts';
import type { Session } from '../labs/index.ts';
import {
  readMeter,
  standardPaths,
  startMeter,
  stopMeter,
  type MeterPath,
  type MeterReading,
} from '../network/index.ts';
import { quantile, type Bench, type Figure } from './lib.ts';
import { openLab } from './support/open-lab.ts';

const WATCH_MS = 20_000;
const OUTAGES = 20;
const OUTAGE_S = 1.7;
const KINDS = ['svc', 'est', 'udp', 'p2p', 'np', 'ndns'];

/** The meter on all paths of a lab that is up: rate, missed ticks, cost, and its error against outages of known length. */
const bench: Bench = {
  says: `the meter for ${String(WATCH_MS / 1000)} s, then ${String(OUTAGES)} outages of known length`,
  run: async (io) => {
    const lab = await openLab(io.args[0]);
    const say = (text: string): void => io.say(text);
    const paths = await standardPaths(lab);
    const victim = lab.nodes.at(-1)?.name ?? '';
    await startMeter(lab, paths);
    try {
      const steady = await steadyFigures(lab, paths, say);
      return [...steady, ...(await outageFigures(lab, victim, paths, say))];
    } finally {
      await stopMeter(lab);
    }
  },
};

export default bench;

async function steadyFigures(
  lab: Session,
  watched: readonly MeterPath[],
  say: (text: string) => void,
): Promise<readonly Figure[]> {
  const [before, cpuBefore, startMs] = [await readMeter(lab), await cpuMs(lab.nodes), Date.now()];
  await lab.clock.sleep(WATCH_MS);
  const [after, cpuAfter, endMs] = [await readMeter(lab), await cpuMs(lab.nodes), Date.now()];
  const seconds = (endMs - startMs) / 1000;
  const rates = after.map((reading, index) => (reading.probes - (before[index]?.probes ?? 0)) / seconds);
  for (const { path, probes, failures, missedTicks, p99Ms } of after) {
    say(
      `${path}: ${String(probes)} probes, ${String(failures)} failed, ${String(missedTicks)} missed, p99 ${(p99Ms ?? 0).toFixed(1)} ms`,
    );
  }
  const shares = cpuAfter.map((ms, index) => (ms - (cpuBefore[index] ?? 0)) / (seconds * 10));
  return [
    { name: 'paths at once', value: watched.length, unit: 'count', atLeast: 12, note: KINDS.join(' ') },
    { name: 'probes a second, slowest path', value: Math.min(...rates), unit: 'per s', atLeast: 19 },
    { name: 'missed ticks', value: sum(after, ({ missedTicks }) => missedTicks), unit: 'count' },
    { name: 'failed probes on a healthy lab', value: sum(after, ({ failures }) => failures), unit: 'count', atMost: 0 },
    { name: 'CPU of the probers, busiest node, % of a core', value: Math.max(...shares), unit: 'count', atMost: 8 },
  ];
}

async function outageFigures(
  lab: Session,
  victim: string,
  watched: readonly MeterPath[],
  say: (text: string) => void,
): Promise<readonly Figure[]> {
  const path = watched.find(({ name }) => name === `o.p2p@${victim}`);
  const node = lab.nodes.find(({ name }) => name === victim);
  if (path === undefined || node === undefined || path.target.kind !== 'tcp') return [];
  const errors: number[] = [];
  for (let round = 0; round < OUTAGES; round++) {
    const injectedMs = await cut(node, path.target.host, path.target.port);
    await lab.clock.sleep(2_000);
    const outage = (await readMeter(lab)).find((reading) => reading.path === path.name)?.outages.at(-1);
    errors.push(Math.abs((outage?.outageMs ?? 0) - injectedMs));
    say(`cut for ${injectedMs.toFixed(0)} ms, measured ${(outage?.outageMs ?? 0).toFixed(0)} ms`);
  }
  return [
    { name: 'outages measured', value: errors.length, unit: 'count', atLeast: OUTAGES },
    { name: 'error of an outage, median', value: quantile(errors, 0.5), unit: 'ms' },
    { name: 'error of an outage, worst', value: quantile(errors, 1), unit: 'ms', atMost: 75 },
  ];
}

/** Drops what the victim forwards to that pod, and takes the rule away again; the length by the node's own clock. */
async function cut(node: NodeHandle, host: string, port: number): Promise<number> {
  const rule = `FORWARD ${['-d', host, '-p', 'tcp', '--dport', String(port), '-j', 'DROP'].join(' ')}`;
  const script = `iptables -w -I ${rule}; date +%s%N; sleep ${String(OUTAGE_S)}; iptables -w -D ${rule}; date +%s%N`;
  const { stdout } = await node.exec(['sh', '-c', script]);
  const [from, to] = stdout.trim().split('\n').map(BigInt);
  if (from === undefined || to === undefined) {
    throw new KubedrillError({ what: 'the outage could not be made', why: stdout, hint: 'kubedrill status' });
  }
  return Number(to - from) / 1e6;
}

/** Processor time of all probers of each node since they started, milliseconds. */
function cpuMs(nodes: readonly NodeHandle[]): Promise<readonly number[]> {
  const script =
    'for pid in $(pgrep -f kubedrill/agent.js); do cut -d" " -f14,15 /proc/$pid/stat; done; getconf CLK_TCK';
  return Promise.all(
    nodes.map(async (node) => {
      const words = (await node.exec(['sh', '-c', script])).stdout.trim().split(/\s+/).map(Number);
      const ticksPerSecond = words.pop() ?? 100;
      return (words.reduce((total, ticks) => total + ticks, 0) * 1000) / ticksPerSecond;
    }),
  );
}

function sum(readings: readonly MeterReading[], of: (reading: MeterReading) => number): number {
  return readings.reduce((total, reading) => total + of(reading), 0);
}
