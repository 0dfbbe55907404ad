import { UNKNOWN_BYTE } from './byte-text.ts';
import type { JsonValue } from './json.ts';
import type { DetectorEvent, EventSource, FieldValue, Scalar } from './types.ts';

/** Fields by the names that rules use: `proc.name`, `proc.aname[2]`, `evt.arg.flags`. */
export type FieldMap = Readonly<Record<string, JsonValue>>;

export interface MapEventOptions {
  readonly source?: EventSource;
  /** Number of the event where the map does not say `evt.num`. */
  readonly number?: number;
  /** Fields for maps that lack them. */
  readonly defaults?: FieldMap;
}

/** An event that is written down as a map of its fields: recordings and rule tests. */
export class MapEvent implements DetectorEvent {
  readonly number: number;
  readonly timeNs: bigint;
  readonly source: EventSource;
  readonly type: string;
  private readonly fields: FieldMap;
  private readonly defaults: FieldMap;

  constructor(fields: FieldMap, options: MapEventOptions = {}) {
    this.fields = fields;
    this.defaults = options.defaults ?? {};
    this.source = options.source ?? 'syscall';
    this.number = asNumber(fields['evt.num']) ?? options.number ?? 1;
    this.timeNs = asTime(fields['evt.rawtime'] ?? fields['evt.time']);
    const { 'evt.type': type } = fields;
    this.type = typeof type === 'string' ? type : 'pluginevent';
  }

  field(name: string, argument?: string): FieldValue | undefined {
    return readMapField((key) => this.read(key), name, argument);
  }

  private read(key: string): FieldValue | undefined {
    return mapValue(this.fields[key] ?? this.defaults[key]);
  }
}

/** Reads what a map has under a key. */
export type Read = (key: string) => FieldValue | undefined;

/** A field of an event that is a map, with what follows from other keys where the map does not say it itself. */
export function readMapField(read: Read, name: string, argument?: string): FieldValue | undefined {
  if (argument === undefined) return isDerived(name) ? DERIVED.get(name)?.(read) : read(name);
  return read(`${name}[${argument}]`) ?? read(`${name}.${argument}`) ?? derivedArgument(read, name, argument);
}

/** Whether a field without argument is more than the value under its name. */
export function isDerived(name: string): boolean {
  return DERIVED.has(name);
}

/** What a map says, as the value of a field. */
export function mapValue(value: JsonValue | undefined): FieldValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return value;
  return Array.isArray(value) ? (value as readonly Scalar[]) : JSON.stringify(value);
}

function derivedArgument(read: Read, name: string, argument: string): FieldValue | undefined {
  const self = argument === '0' ? SELF.get(name) : undefined;
  return self === undefined ? undefined : read(self);
}

/** The first of a row of ancestors is the process itself. */
const SELF: ReadonlyMap<string, string> = new Map([
  ['proc.aname', 'proc.name'],
  ['proc.aexe', 'proc.exe'],
  ['proc.aexepath', 'proc.exepath'],
  ['proc.acmdline', 'proc.cmdline'],
  ['proc.aargs', 'proc.args'],
  ['proc.apid', 'proc.pid'],
]);

const ANCESTOR_FIELDS = ['proc.aname', 'proc.aexe', 'proc.aexepath', 'proc.acmdline', 'proc.aargs', 'proc.apid'];

/** Fields that a map says in another way, or not at all. */
const DERIVED: ReadonlyMap<string, (read: Read) => FieldValue | undefined> = new Map([
  ...ANCESTOR_FIELDS.map((name) => [name, (read: Read) => ancestors(read, name)] as const),
  ['fd.ip', (read: Read) => bothEnds(read, 'ip')] as const,
  ['fd.net', (read: Read) => bothEnds(read, 'ip')] as const,
  ['fd.port', (read: Read) => bothEnds(read, 'port')] as const,
  ['fd.proto', (read: Read) => bothEnds(read, 'port')] as const,
  ...['c', 's', 'l', 'r'].map((end) => [`fd.${end}net`, (read: Read) => read(`fd.${end}ip`)] as const),
  ['evt.buffer', (read: Read) => bytes(read('evt.buffer'))] as const,
]);

/** Maps write ancestors as a list, as one text with blanks, or one by one. */
function ancestors(read: Read, name: string): FieldValue | undefined {
  const whole = read(name);
  if (typeof whole === 'string') return whole === '' ? undefined : whole.split(' ');
  if (whole !== undefined) return whole;
  const found: Scalar[] = [];
  for (
    let index = 1, value = read(`${name}[1]`);
    value !== undefined;
    index++, value = read(`${name}[${String(index)}]`)
  ) {
    found.push(value as Scalar);
  }
  return found.length === 0 ? undefined : found;
}

function bothEnds(read: Read, what: 'ip' | 'port'): FieldValue | undefined {
  const given = read(`fd.${what}`);
  if (given !== undefined) return given;
  const ends = ['c', 's', 'l', 'r'].map((end) => read(`fd.${end}${what}`)).filter((value) => value !== undefined);
  const found = ends.length > 0 ? (ends as Scalar[]) : endsOfName(read, what);
  return found.length === 0 ? undefined : [...new Set(found)];
}

/** A listening socket has its address only in its name: `:::8080`. */
function endsOfName(read: Read, what: 'ip' | 'port'): readonly Scalar[] {
  const type = read('fd.type');
  const name = read('fd.name');
  if (typeof name !== 'string' || (type !== 'ipv4' && type !== 'ipv6')) return [];
  return name.split('->').flatMap((end): readonly Scalar[] => {
    const colon = end.lastIndexOf(':');
    if (colon < 0) return [];
    return what === 'ip' ? [end.slice(0, colon)] : [Number(end.slice(colon + 1))];
  });
}

/** Recordings print buffers, with a dot for a byte that cannot be printed. */
function bytes(value: FieldValue | undefined): FieldValue | undefined {
  if (typeof value !== 'string') return value;
  return Buffer.from(value, 'utf8').toString('latin1').replaceAll('.', UNKNOWN_BYTE);
}

function asNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function asTime(value: JsonValue | undefined): bigint {
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : 0n;
}
