import { messageOf } from '../../core/errors.ts';
import { runDetector, type DetectorControls } from './run.ts';
import { settingsFrom } from './settings.ts';

/**
 * The engine's process in the detector's pod; ends on SIGTERM, and with 1 when it cannot begin. SIGHUP loads
 * configuration and rules again, SIGUSR1 begins the files of outputs again (and not Node.js's debugger).
 */
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stop.abort();
  });
}
const controls: DetectorControls = {
  signal: stop.signal,
  onReload: (reload) => process.on('SIGHUP', reload),
  onReopen: (reopen) => process.on('SIGUSR1', reopen),
};
// Asked for before it has begun, there is nothing to do; by default both would end the process.
for (const signal of ['SIGHUP', 'SIGUSR1'] as const) process.on(signal, () => undefined);
runDetector(settingsFrom(process.env), controls).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`detector: ${messageOf(error)}\n`);
    process.exit(1);
  },
);
