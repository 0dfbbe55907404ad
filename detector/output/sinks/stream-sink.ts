import type { Writable } from 'node:stream';
import { renderAlert, type AlertFormat } from '../render.ts';
import { untilAborted } from '../until-aborted.ts';
import type { Sink } from '../sink.ts';

/** Lines to a stream that is open already, such as stdout; it is left open. */
export function streamSink(stream: Writable, format: AlertFormat): Sink {
  let trouble: Error | undefined;
  // A reader that has gone must not end the engine; what it misses is still behind the Channel.
  const onError = (error: Error): void => {
    trouble = error;
  };
  stream.on('error', onError);
  return {
    deliver: (alert, signal) =>
      untilAborted(
        new Promise<void>((resolve, reject) => {
          if (trouble !== undefined) reject(trouble);
          else stream.write(`${renderAlert(alert, format)}\n`, (error) => (error ? reject(error) : resolve()));
        }),
        signal,
        'the reader takes nothing',
      ),
    close: () => Promise.resolve(),
  };
}
