import type { Readable } from 'node:stream';
import { usageError } from '../../core/index.ts';
import { AuditEvent, auditItems } from '../event/audit-event.ts';
import { isObject } from '../event/json-path.ts';
import type { JsonValue } from '../event/json.ts';
import { MapEvent, type FieldMap } from '../event/map-event.ts';
import type { DetectorEvent, EventSource } from '../event/types.ts';
import { framesOf } from './binary/frames.ts';
import { MAGIC } from './binary/layout.ts';
import { RecordingReader } from './binary/reader.ts';
import { RecordingError } from './binary/recording-error.ts';
import { jsonDocuments } from './json-documents.ts';
import { peek, plainBytes } from './plain-bytes.ts';

export interface EventsFileOptions {
  /** What the events are; by default each line tells by itself. */
  readonly source?: EventSource;
  /** Fields for events that lack them. */
  readonly defaults?: FieldMap;
  /** What `-` reads; by default the standard input of the process. */
  readonly stdin?: Readable;
}

/** Events that came together. */
export type EventBatch = Iterable<DetectorEvent>;

/**
 * Reads recorded events, many at a time, as a step of an asynchronous loop costs as much as judging an event: JSON lines of
 * field maps (`{"evt.type": "openat", …}`), or Kubernetes audit events as the API server logs them, or a binary recording,
 * each plain or gzipped. Fails with KubedrillError, naming the line.
 */
export async function* readEvents(
  paths: readonly string[],
  options: EventsFileOptions = {},
): AsyncGenerator<EventBatch> {
  const { stdin = process.stdin } = options;
  let number = 0;
  for (const path of paths) {
    const { head, all } = await peek(plainBytes(path, stdin), MAGIC.length);
    if (head.equals(MAGIC)) {
      yield* readBinary(all, path, options);
      continue;
    }
    for await (const json of jsonDocuments(all, path)) {
      yield itemsOf(json, options.source).map((item) => toEvent(item, ++number, options));
    }
  }
}

async function* readBinary(
  bytes: AsyncIterable<Buffer>,
  path: string,
  options: EventsFileOptions,
): AsyncGenerator<EventBatch> {
  const reader = new RecordingReader(options);
  try {
    for await (const frame of framesOf(bytes)) yield reader.frame(frame);
  } catch (error) {
    throw error instanceof RecordingError ? damaged(path, error) : error;
  }
}

/** A line may hold several audit events, in a list. */
function itemsOf(json: JsonValue, source: EventSource | undefined): readonly JsonValue[] {
  return source === 'syscall' || isFieldMap(json) ? [json] : auditItems(json);
}

function isFieldMap(json: JsonValue): json is FieldMap {
  if (!isObject(json)) return false;
  for (const key in json) if (key.startsWith('evt.')) return true;
  return false;
}

function toEvent(json: JsonValue, number: number, { source, defaults }: EventsFileOptions): DetectorEvent {
  if (source !== 'syscall' && !isFieldMap(json)) return new AuditEvent(json, number);
  const fields = isObject(json) ? json : {};
  return new MapEvent(fields, {
    number,
    ...(source === undefined ? {} : { source }),
    ...(defaults === undefined ? {} : { defaults }),
  });
}

/**
 * The maps of events in files of JSON lines, one after the other. Fails with KubedrillError, also for what is no map of
 * fields: Kubernetes audit events are documents.
 */
export async function* readFieldMaps(paths: readonly string[], stdin: Readable): AsyncGenerator<FieldMap> {
  for (const path of paths) {
    for await (const json of jsonDocuments(plainBytes(path, stdin), path)) {
      if (!isFieldMap(json)) throw noFieldMap(path);
      yield json;
    }
  }
}

function damaged(path: string, { message }: RecordingError): Error {
  return usageError({
    what: `${path} is no whole binary recording`,
    why: message,
    hint: 'kubedrill detector record writes them, from events as JSON lines',
  });
}

function noFieldMap(path: string): Error {
  return usageError({
    what: `${path} has an event that is no map of fields`,
    why: 'a binary recording keeps fields by name; audit events are kept as the API server logs them',
    hint: 'gzip the file: replay reads audit logs as .gz too',
  });
}
