import { isSystemCall } from './event-types.ts';
import type { FieldReference } from './field-table.ts';
import { dateAndTime, isoTime, timeOfDay } from './time-text.ts';
import type { DetectorEvent, Extractor, FieldValue } from './types.ts';

/** What the engine knows beside the event itself. */
export interface Surroundings {
  readonly hostname: string;
  /** Time of the first event of the run. */
  firstTimeNs: bigint | undefined;
  /** The event before this one. Not its time, which few rules ask for and which costs to read. */
  previous: DetectorEvent | undefined;
}

/** The extractor of a field that every event has by its nature; undefined for fields that the event itself answers. */
export function baseExtractor(field: FieldReference, surroundings: Surroundings): Extractor | undefined {
  const { argument } = field;
  if (field.info.name === 'evt.type.is') return (event) => (event.type === argument ? 1 : 0);
  const read = BASE_FIELDS.get(field.info.name);
  return read && ((event) => read(event, surroundings));
}

const SECOND_NS = 1_000_000_000n;

type Reader = (event: DetectorEvent, surroundings: Surroundings) => FieldValue | undefined;

/** Fields that are never asked of an event. */
export const BASE_FIELDS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['evt.num', (event) => event.number],
  ['evt.time', (event) => timeOfDay(event.timeNs)],
  ['evt.time.s', (event) => timeOfDay(event.timeNs).slice(0, 8)],
  ['evt.time.iso8601', (event) => isoTime(event.timeNs)],
  ['evt.datetime', (event) => dateAndTime(event.timeNs)],
  ['evt.datetime.s', (event) => dateAndTime(event.timeNs).slice(0, 19)],
  ['evt.rawtime', (event) => integer(event.timeNs)],
  ['evt.rawtime.s', (event) => integer(event.timeNs / SECOND_NS)],
  ['evt.rawtime.ns', (event) => integer(event.timeNs % SECOND_NS)],
  ['json.rawtime', (event) => String(event.timeNs)],
  ['jevt.rawtime', (event) => String(event.timeNs)],
  ['evt.reltime', (event, run) => integer(since(run.firstTimeNs, event))],
  ['evt.reltime.s', (event, run) => integer(since(run.firstTimeNs, event) / SECOND_NS)],
  ['evt.reltime.ns', (event, run) => integer(since(run.firstTimeNs, event) % SECOND_NS)],
  ['evt.deltatime', (event, run) => integer(since(run.previous?.timeNs, event))],
  ['evt.deltatime.s', (event, run) => integer(since(run.previous?.timeNs, event) / SECOND_NS)],
  ['evt.deltatime.ns', (event, run) => integer(since(run.previous?.timeNs, event) % SECOND_NS)],
  ['evt.source', (event) => event.source],
  ['evt.is_async', () => false],
  ['evt.pluginname', (event) => (event.source === 'k8s_audit' ? 'k8saudit' : undefined)],
  ['evt.hostname', (_event, run) => run.hostname],
  ['evt.type', (event) => event.type],
  ['syscall.type', (event) => (isSystemCall(event.type) ? event.type : undefined)],
  ['evt.dir', () => '<'],
  ['evt.count', () => 1],
  ['evt.count.exit', () => 1],
]);

function since(startNs: bigint | undefined, event: DetectorEvent): bigint {
  return startNs === undefined || event.timeNs < startNs ? 0n : event.timeNs - startNs;
}

function integer(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
