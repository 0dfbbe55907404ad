import type { Readable } from 'node:stream';
import type { DetectorEvent, EventSource } from '../event/types.ts';
import { readEvents, type EventsFileOptions } from './events-file.ts';
import { parseSetValues } from './set-values.ts';

export interface RecordingOptions {
  /** Events files, plain or .gz, `-` for the standard input. */
  readonly events: readonly string[];
  /** What the events are; by default each line tells by itself. */
  readonly source?: EventSource;
  /** `FIELD=VALUE` words: fields for events that lack them. */
  readonly set?: readonly string[];
  readonly stdin?: Readable;
}

/** The events of a recording, one after the other. Fails with KubedrillError, naming the line. */
export function recordedEvents({ events, source, set, stdin }: RecordingOptions): AsyncGenerator<DetectorEvent> {
  const options: EventsFileOptions = {
    ...(source === undefined ? {} : { source }),
    ...(set === undefined ? {} : { defaults: parseSetValues(set) }),
    ...(stdin === undefined ? {} : { stdin }),
  };
  return readEvents(events, options);
}
