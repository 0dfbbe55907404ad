import { createHash } from 'node:crypto';
import { API_VERSION, KubedrillError } from '../../core/index.ts';
import type { StampedEntry } from './entry.ts';

/** What was read of a journal's text. */
export interface Decoded {
  readonly entries: readonly StampedEntry[];
  /** Bytes of the text that are good; what follows is a line that was cut off while it was written. */
  readonly goodBytes: number;
  /** What was wrong and how it was dealt with, for people. */
  readonly notes: readonly string[];
}

export interface DecodeOptions {
  /** For the error, e.g. the file's name. */
  readonly name: string;
  /** `refuse`: a damaged line is an error. `salvage`: it is left out and noted. */
  readonly damage: 'refuse' | 'salvage';
}

/** One line with its line end: a JSON object whose last field is a checksum of the others. */
export function encodeEntry(entry: StampedEntry): string {
  const body = { apiVersion: API_VERSION, ...entry };
  return `${JSON.stringify({ ...body, checksum: checksum(JSON.stringify(body)) })}\n`;
}

/**
 * Reads a journal. A last line without its line end was cut off by a crash: it is left out and noted, since whatever
 * it announced had not begun. Any other line that is wrong (checksum, order, form) means that the file was changed.
 */
export function decodeJournal(text: string, options: DecodeOptions): Decoded {
  const lines = text.split('\n');
  const tail = lines.pop() ?? '';
  const notes: string[] = [];
  const entries: StampedEntry[] = [];
  for (const [index, line] of lines.entries()) {
    const problem = accept(line, entries);
    if (problem === undefined) continue;
    const where = `line ${String(index + 1)} of the journal is damaged (${problem})`;
    if (options.damage === 'refuse') throw damaged(options.name, where);
    notes.push(`${where}; it was left out`);
  }
  if (tail !== '') notes.push('the last line of the journal was cut off; it was left out');
  return { entries, goodBytes: Buffer.byteLength(text) - Buffer.byteLength(tail), notes };
}

/** Adds the line's entry to those before it, or says what is wrong with it. */
function accept(line: string, entries: StampedEntry[]): string | undefined {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return 'it is not JSON';
  }
  const { checksum: claimed, ...body } = parsed;
  if (claimed !== checksum(JSON.stringify(body))) return 'its checksum does not match';
  const { apiVersion, ...entry } = body;
  if (apiVersion !== API_VERSION) return `it is of ${String(apiVersion)}, not of ${API_VERSION}`;
  const stamped = entry as unknown as StampedEntry;
  const expected = (entries.at(-1)?.seq ?? 0) + 1;
  if (stamped.seq < expected) return `it is number ${String(stamped.seq)} where ${String(expected)} was due`;
  // A hole (of a line that was left out before) does not make the lines after it wrong.
  entries.push(stamped);
  return undefined;
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function damaged(name: string, why: string): KubedrillError {
  return new KubedrillError({
    what: `cannot read ${name}`,
    why,
    hint: 'kubedrill stop (it takes back what it can read, then restores the lab from the picture taken before the run)',
  });
}
