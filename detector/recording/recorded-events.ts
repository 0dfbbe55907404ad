import type { Readable } from 'node:stream';
import type { DetectorEvent, EventSource } from '../event/types.ts';
import { readEvents, type EventBatch, type EventsFileOptions } from './events-file.ts';
import { parseSetValues } from './set-values.ts';

export interface RecordingOptions {
  /** Events files, `-` for the standard input; JSON lines or binary recordings, plain or gzipped. */
  readonly events: readonly string[];
  /** What the events are; by default each line tells by itself. */
  readonly source?: EventSource;
  /** `FIELD=VALUE` words: fields for events that lack them. */
  readonly set?: readonly string[];
  readonly stdin?: Readable;
}

/** The events of a recording, one after the other. Fails with KubedrillError, naming the line. */
export async function* recordedEvents(options: RecordingOptions): AsyncGenerator<DetectorEvent> {
  for await (const batch of recordedBatches(options)) yield* batch;
}

/** The same events, many at a time. Fails with KubedrillError, naming the line, also within a batch. */
export function recordedBatches({ events, source, set, stdin }: RecordingOptions): AsyncGenerator<EventBatch> {
  const options: EventsFileOptions = {
    ...(source === undefined ? {} : { source }),
    ...(set === undefined ? {} : { defaults: parseSetValues(set) }),
    ...(stdin === undefined ? {} : { stdin }),
  };
  return readEvents(events, options);
}
