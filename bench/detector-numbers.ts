import { KubedrillError } from '../core/index.ts';
import detector from './detector.ts';
import replay from './detector-replay.ts';
import type { Bench, BenchIo, BenchLine } from './lib.ts';
import sensor from './sensor.ts';

/**
 * All numbers of the detector as one table, beside those that were measured of Falco 0.44.1 on a machine of this kind:
 * `npm run bench:detector [-- LAB]`. What cannot be measured here says why.
 */
const bench: Bench = {
  says: 'replay, sensor and, with the name of a lab that is up, a live detector; beside Falco 0.44.1',
  run: async (io) => {
    const [lab] = io.args;
    return [
      ...(await linesOf('replay', replay, { ...io, args: [] })),
      ...(await linesOf('what the sensor costs, start to first event', sensor, { ...io, args: [] })),
      ...(lab === undefined ? [NO_LAB] : await linesOf('memory and latency, live', detector, io)),
    ].map(withFalco);
  },
};

export default bench;

const NO_LAB: BenchLine = {
  name: 'memory and latency, live',
  why: 'this needs a lab: kubedrill up, then npm run bench:detector -- LAB',
};

async function linesOf(name: string, { run }: Bench, io: BenchIo): Promise<readonly BenchLine[]> {
  try {
    return await run(io);
  } catch (error) {
    if (error instanceof KubedrillError) return [{ name, why: error.message }];
    throw error;
  }
}

/** Beside the figures of the same name. */
const FALCO: Readonly<Record<string, string>> = {
  'replay, 25 stable rules': '1.15 M',
  'replay, 93 rules': '0.35 M',
  'open+close, sensor on': '−45 % (+0.85 µs)',
  'getppid, sensor on': '+0.11 µs',
  'spawn+wait, sensor on': '−9 %',
  'start to first event': '5 s',
  'memory of a node, most': '62 MB',
};

function withFalco(line: BenchLine): BenchLine {
  const falco = FALCO[line.name];
  if (falco === undefined || 'why' in line) return line;
  return { ...line, note: [line.note, `Falco: ${falco}`].filter((text) => text !== undefined).join('; ') };
}
