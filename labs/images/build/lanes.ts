import type { Runner, RunOptions } from '../../../core/index.ts';
import { buildStage, type BuildDeps, type Stage } from './stage.ts';

/**
 * Builds lists of stages side by side, each list in order: compiling keeps the processors busy while packages are fetched
 * and unpacked. Stages of different lists must not need the same unfinished stage. When one fails, the programs that the
 * others run are ended, and the first error is thrown once all have stopped.
 */
export async function buildLanes(lanes: readonly (readonly Stage[])[], deps: BuildDeps): Promise<void> {
  const stop = new AbortController();
  const signal = deps.signal === undefined ? stop.signal : AbortSignal.any([deps.signal, stop.signal]);
  const stoppable = { ...deps, signal, runner: endedBy(signal, deps.runner) };
  const failures: unknown[] = [];
  await Promise.all(
    lanes.map(async (lane) => {
      try {
        for (const stage of lane) {
          signal.throwIfAborted();
          await buildStage(stage, stoppable);
        }
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}

/** The same runner, whose programs end with the signal. */
function endedBy(signal: AbortSignal, runner: Runner): Runner {
  const added = (options: RunOptions = {}): RunOptions => ({ signal, ...options });
  return {
    run: (file, args, options) => runner.run(file, args, added(options)),
    pipe: (source, target, options) => runner.pipe(source, target, added(options)),
    startDetached: (file, args, options) => runner.startDetached(file, args, options),
  };
}
