import { messageOf } from '../../core/errors.ts';
import { runDetector } from './run.ts';
import { settingsFrom } from './settings.ts';

/** The engine's process in the detector's pod; ends on SIGTERM, and with 1 when it cannot begin. */
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    stop.abort();
  });
}
runDetector(settingsFrom(process.env), stop.signal).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`detector: ${messageOf(error)}\n`);
    process.exit(1);
  },
);
