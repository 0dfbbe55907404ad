import { detectorStats, summarizeDetectors } from '../detector/index.ts';
import { quantile, type Bench } from './lib.ts';
import { openLab } from './support/open-lab.ts';

const TRIES = 20;
const SETTLE_MS = 3_000;

/** Memory and alert latency of the detectors of a lab that is up; `npm run bench detector -- LAB`. */
const bench: Bench = {
  says: `memory of every node's detector, and the latency of ${String(TRIES)} alerts`,
  run: async (io) => {
    const lab = await openLab(io.args[0]);
    const sinceMs = Date.now();
    const node = lab.nodes.find(({ role }) => role === 'worker') ?? lab.nodes[0];
    for (let index = 0; index < TRIES; index++) {
      // Fails, as there is no such chain, and changes nothing; the rule about flushed packet filters sees the attempt.
      await node?.exec(['iptables', '-X', 'KUBEDRILL-BENCH'], { okExitCodes: [0, 1] });
    }
    await lab.clock.sleep(SETTLE_MS);
    const [states, summary] = await Promise.all([detectorStats(lab), summarizeDetectors(lab, sinceMs)]);
    const memoryMb = states.flatMap(({ stats }) =>
      stats === undefined ? [] : [(stats.memory.engineRssBytes + stats.memory.sensorRssBytes) / 1e6],
    );
    const latencies = summary.alerts.filter(({ node: of }) => of === node?.name).map(({ latencyMs }) => latencyMs);
    io.say(
      `${String(latencies.length)} alerts on ${node?.name ?? 'no node'}, ${String(memoryMb.length)} detectors answered`,
    );
    return [
      { name: 'memory of a node, most', value: Math.max(...memoryMb), unit: 'MB', atMost: 120 },
      { name: 'alerts', value: latencies.length, unit: 'count', atLeast: TRIES },
      { name: 'alert latency, p50', value: quantile(latencies, 0.5), unit: 'ms' },
      { name: 'alert latency, p99', value: quantile(latencies, 0.99), unit: 'ms' },
      { name: 'events lost', value: summary.drops, unit: 'count', atMost: 0 },
    ];
  },
};

export default bench;
