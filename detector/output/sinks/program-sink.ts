import type { OutputOf } from '../../config/outputs-schema.ts';
import { FedProgram, feedOnce } from '../fed-program.ts';
import { renderAlert } from '../render.ts';
import type { Sink } from '../sink.ts';

/** A program that gets alerts on stdin, a line each: one that is kept running, or one process for each alert. */
export function programSink(config: OutputOf<'program'>): Sink {
  const kept = new FedProgram(config.command);
  return {
    deliver: (alert, signal) => {
      const line = `${renderAlert(alert, config.format)}\n`;
      return config.keep_alive ? kept.write(line, signal) : feedOnce(config.command, line, signal);
    },
    close: async () => {
      kept.end();
    },
  };
}
