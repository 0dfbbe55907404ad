import { execaRunner, pathsFrom, silentReporter } from '../core/index.ts';
import { obtainLabImages } from '../labs/index.ts';
import { median, repeatMs, timedMs, type Bench } from './lib.ts';

const RUNS = 5;

/** The lab's images when nothing of their recipes has changed; the first time obtains what is missing. */
const bench: Bench = {
  says: `the images of a lab: once, then ${String(RUNS)} times from the cache`,
  run: async (io) => {
    const request = { runner: execaRunner(), paths: pathsFrom(process.env), reporter: silentReporter };
    const firstMs = await timedMs(() => obtainLabImages(request));
    io.say(`first time: ${(firstMs / 1000).toFixed(1)} s`);
    const cached = await repeatMs(RUNS, () => obtainLabImages(request));
    return [
      {
        name: 'first time',
        value: firstMs / 1000,
        unit: 's',
        note: 'builds what is not there: base 15 min, add-ons 12 min',
      },
      { name: 'from the cache, median', value: median(cached) / 1000, unit: 's', atMost: 10 },
    ];
  },
};

export default bench;
