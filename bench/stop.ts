import { startRun, stopRun } from '../scenarios/index.ts';
import { median, type Bench } from './lib.ts';
import { openLab } from './support/open-lab.ts';

const SEEDS = [1, 2, 3];

/** `stop` right after `start` of a challenge, with its residue proof; `npm run bench stop -- LAB [CHALLENGE]`. */
const bench: Bench = {
  says: `stop of a broken lab, ${String(SEEDS.length)} seeds`,
  run: async (io) => {
    const lab = await openLab(io.args[0]);
    const challenge = io.args[1] ?? 'flushed-iptables';
    const times: number[] = [];
    let left = 0;
    for (const seed of SEEDS) {
      await startRun(lab, challenge, { seed });
      const { tookMs, residue } = await stopRun(lab);
      io.say(`${challenge}, seed ${String(seed)}: ${(tookMs / 1000).toFixed(1)} s, residue ${String(residue.length)}`);
      times.push(tookMs / 1000);
      left += residue.length;
    }
    return [
      { name: 'stop, median', value: median(times), unit: 's', atMost: 15 },
      { name: 'stop, slowest', value: Math.max(...times), unit: 's', atMost: 15 },
      { name: 'residue, all runs', value: left, unit: 'count', atMost: 0 },
    ];
  },
};

export default bench;
