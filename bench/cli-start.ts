import { join } from 'node:path';
import { execaRunner, packageRoot } from '../core/index.ts';
import { median, quantile, repeatMs, type Bench } from './lib.ts';

const RUNS = 15;

/** The start of the built command line, beside the start of node alone. */
const bench: Bench = {
  says: `kubedrill --help, ${String(RUNS)} times (npm run build first)`,
  run: async () => {
    const runner = execaRunner();
    const main = join(packageRoot(), 'bin', 'kubedrill.mjs');
    const bare = await repeatMs(RUNS, () => runner.run(process.execPath, ['-e', '0']));
    const help = await repeatMs(RUNS, () => runner.run(process.execPath, [main, '--help']));
    return [
      { name: 'node alone, median', value: median(bare), unit: 'ms' },
      { name: 'kubedrill --help, median', value: median(help), unit: 'ms', atMost: 250 },
      { name: 'kubedrill --help, p90', value: quantile(help, 0.9), unit: 'ms' },
      { name: 'kubedrill --help over node alone', value: median(help) / median(bare), unit: 'x' },
    ];
  },
};

export default bench;
