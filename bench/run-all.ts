import { spawnSync } from 'node:child_process';

/** `tsx bench/run-all.ts NAME…`: benches one after the other, each in a process of its own; ends with 1 if one could not run. */
const failed = process.argv.slice(2).filter((name) => {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'bench/run.ts', name], { stdio: 'inherit' });
  return status !== 0;
});
if (failed.length > 0) {
  process.stderr.write(`\nNOT MEASURED: ${failed.join(', ')} (see above)\n`);
  process.exitCode = 1;
}
