// A lab of real agents in this process and this network namespace, whose packet filter is then broken; prints the matrix as JSON.
// `matrix-once COMMANDS ROWS`: a shell script, and the rows to measure with commas between.
import { execFileSync } from 'node:child_process';
import { startAgent } from '../../network/agent/agent.ts';
import { measureMatrix } from '../../network/matrix/measure.ts';
import { loopbackLab } from './loopback-lab.ts';

const [commands = '', rows = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const lab = await loopbackLab(2);
  // Somebody who answers whatever is asked, under a prober's name, but without the key of the run.
  const stranger = await startAgent({ identity: 'n2/pod-a', port: 9999, address: '127.9.9.9' });
  execFileSync('sh', ['-ec', commands], { stdio: ['ignore', 'ignore', 'inherit'] });
  const report = await measureMatrix(lab, { rows: rows.split(',') });
  process.stdout.write(JSON.stringify(report));
  await Promise.all([lab.stop(), stranger.stop()]);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
);
