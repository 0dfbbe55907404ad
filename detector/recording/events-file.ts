import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, usageError } from '../../core/index.ts';
import { AuditEvent, auditItems } from '../event/audit-event.ts';
import { isObject } from '../event/json-path.ts';
import { parseJson, type JsonValue } from '../event/json.ts';
import { MapEvent, type FieldMap } from '../event/map-event.ts';
import type { DetectorEvent, EventSource } from '../event/types.ts';
import { framesOf, RecordingError, RecordingReader } from './binary/reader.ts';

export interface EventsFileOptions {
  /** What the events are; by default each line tells by itself. */
  readonly source?: EventSource;
  /** Fields for events that lack them. */
  readonly defaults?: FieldMap;
  /** What `-` reads; by default the standard input of the process. */
  readonly stdin?: Readable;
}

/**
 * Reads recorded events, one after the other: JSON lines of field maps (`{"evt.type": "openat", …}`), or Kubernetes audit
 * events as the API server logs them, or a binary recording (.kdr), each plain or gzipped (.gz). Fails with KubedrillError,
 * naming the line.
 */
export async function* readEvents(
  paths: readonly string[],
  options: EventsFileOptions = {},
): AsyncGenerator<DetectorEvent> {
  let number = 0;
  for (const path of paths) {
    if (isBinary(path)) {
      yield* readBinary(path, options);
      continue;
    }
    for await (const json of readDocuments(path, options.stdin ?? process.stdin)) {
      for (const item of eventItems(json, options.source)) {
        number++;
        yield toEvent(item, number, options);
      }
    }
  }
}

/** Binary recordings are told by their names. */
function isBinary(path: string): boolean {
  return /\.kdr(?:\.gz)?$/.test(path);
}

async function* readBinary(path: string, options: EventsFileOptions): AsyncGenerator<DetectorEvent> {
  const reader = new RecordingReader(options);
  try {
    for await (const frame of framesOf(bytesOf(path))) yield* reader.frame(frame);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw usageError({
      what: `${path} is no binary recording`,
      why: error.message,
      hint: 'kubedrill detector record writes them, from events as JSON lines',
    });
  }
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  try {
    yield* open(path, process.stdin);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A line may hold several audit events, in a list. */
function eventItems(json: JsonValue, source: EventSource | undefined): readonly JsonValue[] {
  if (isFieldMap(json)) return [json];
  return source === 'syscall' ? [json] : auditItems(json);
}

function isFieldMap(json: JsonValue): json is FieldMap {
  return isObject(json) && Object.keys(json).some((key) => key.startsWith('evt.'));
}

function toEvent(json: JsonValue, number: number, { source, defaults }: EventsFileOptions): DetectorEvent {
  if (!isFieldMap(json) && source !== 'syscall') return new AuditEvent(json, number);
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
    for await (const json of readDocuments(path, stdin)) {
      if (!isFieldMap(json)) throw noFieldMap(path);
      yield json;
    }
  }
}

/** The JSON values of a file: one a line, or one over many lines. */
async function* readDocuments(path: string, stdin: Readable): AsyncGenerator<JsonValue> {
  let pending = '';
  let lineNumber = 0;
  let firstLine = 1;
  for await (const line of linesOf(path, stdin)) {
    lineNumber++;
    if (pending === '') firstLine = lineNumber;
    if (line.trim() === '' && pending === '') continue;
    pending += pending === '' ? line : `\n${line}`;
    const parsed = tryParse(pending);
    if (parsed === undefined) continue;
    yield parsed.json;
    pending = '';
  }
  if (pending.trim() !== '') throw badEvents(path, firstLine, problemOf(pending));
}

/** A line that is no JSON by itself may be the beginning of a document over several lines, if it opens one. */
function tryParse(text: string): { readonly json: JsonValue } | undefined {
  if (!/[}\]]\s*$/.test(text)) return undefined;
  try {
    return { json: parseJson(text) };
  } catch {
    return undefined;
  }
}

function problemOf(text: string): string {
  try {
    parseJson(text);
    return 'it is no JSON object';
  } catch (error) {
    return messageOf(error);
  }
}

async function* linesOf(path: string, stdin: Readable): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: open(path, stdin), crlfDelay: Infinity });
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Error {
  return usageError({
    what: `cannot read events from ${path}`,
    why: messageOf(error),
    hint: 'give a file of JSON lines or a binary recording (.kdr), plain or .gz, or - for JSON lines on the standard input',
  });
}

function open(path: string, stdin: Readable): Readable {
  if (path === '-') return stdin;
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) return file;
  const plain = createGunzip();
  file.on('error', (error) => plain.destroy(error));
  return file.pipe(plain);
}

function noFieldMap(path: string): Error {
  return usageError({
    what: `${path} has an event that is no map of fields`,
    why: 'a binary recording keeps fields by name; audit events are kept as the API server logs them',
    hint: 'gzip the file: replay reads audit logs as .gz too',
  });
}

function badEvents(path: string, line: number, why: string): Error {
  return usageError({
    what: `${path}:${String(line)} is no event`,
    why,
    hint: 'events files are JSON lines: field maps, or Kubernetes audit events',
  });
}
