import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askAndLeave, buildSensor, sensorGap, startSensor, waitForMessage } from '../../support/sensor.ts';

const gap = sensorGap();
/** A machine that is busy is slow, not broken. */
const SLOW_MS = 120_000;

(gap === undefined ? test : test.skip)(
  `the sensor counts what nobody reads, and keeps the beginning${gap ?? ''}`,
  async () => {
    const built = buildSensor();
    const sensor = await startSensor(built.file);
    const types = new Set(['open', 'openat']);
    await askAndLeave(sensor.socketPath, { types }, () => readFileSync('/dev/null'));
    const path = join(tmpdir(), `kubedrill-none-${String(process.pid)}`);
    expect(spawnSync(process.execPath, ['-e', floodScript(path)]).status).toBe(0);
    await sensor.connect();
    const dropped = await waitForMessage(sensor, 'a heartbeat', (message) =>
      message.kind === 'statistics' ? message.statistics.droppedRingFull : undefined,
    );
    expect(dropped).toBeGreaterThan(0);
    await waitForMessage(sensor, 'an early open', (message) =>
      message.kind === 'event' && message.record.type === 'openat' && message.record.text(0) === path
        ? true
        : undefined,
    );
    await sensor.stop();
    built.remove();
  },
  SLOW_MS,
);

/** More opens than the ring between kernel and sensor holds. */
function floodScript(path: string): string {
  return `const fs = require('fs'); for (let n = 0; n < 60000; n++) { try { fs.openSync(${JSON.stringify(path)}, 'r') } catch {} }`;
}
