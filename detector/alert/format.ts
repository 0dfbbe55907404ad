import { fieldName, type FieldTable } from '../event/field-table.ts';
import type { DetectorEvent, Extractor, FieldValue } from '../event/types.ts';
import { isList, valueText } from '../event/value-text.ts';
import { parseTransformedPrefix } from '../filter/parser.ts';
import { typeOperand, TypeProblem, type TypedInput, type TypedOperand } from '../filter/typed-operand.ts';

/** A piece of an output: text, or the value of a field. */
export type OutputPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'value';
      /** As written, without blanks: the key in `output_fields`. */
      readonly name: string;
      readonly operand: TypedOperand;
      /** Pads or cuts to so many characters. */
      readonly width?: number;
    };

export interface OutputFormat {
  readonly parts: readonly OutputPart[];
  /** Without a leading `*` an event that lacks a value has no output at all. */
  readonly toleratesMissing: boolean;
}

export type FormatResult =
  | { readonly ok: true; readonly format: OutputFormat }
  | { readonly ok: false; readonly message: string; readonly offset: number; readonly isUnknownName: boolean };

/**
 * Compiles an output: `%field`, `%field[argument]`, `%10field` and `%toupper(field)` stand for values. Text may follow
 * a field directly, as the longest name that fits is taken.
 */
export function compileFormat(text: string, table: FieldTable): FormatResult {
  const start = text.startsWith('*') ? 1 : 0;
  const parts: OutputPart[] = [];
  let offset = start;
  while (offset < text.length) {
    const percent = text.indexOf('%', offset);
    const end = percent < 0 ? text.length : percent;
    if (end > offset) parts.push({ kind: 'text', text: text.slice(offset, end) });
    if (percent < 0) break;
    const token = readToken(text, percent, table);
    if (!token.ok) return token;
    parts.push(token.part);
    offset = token.end;
  }
  return { ok: true, format: { parts, toleratesMissing: start === 1 } };
}

type TokenResult =
  | { readonly ok: true; readonly part: OutputPart; readonly end: number }
  | { readonly ok: false; readonly message: string; readonly offset: number; readonly isUnknownName: boolean };

function readToken(text: string, percent: number, table: FieldTable): TokenResult {
  const digits = /^\d+/.exec(text.slice(percent + 1))?.[0] ?? '';
  const start = percent + 1 + digits.length;
  if (start >= text.length) return failure(`formatting cannot end with a ${digits === '' ? '%' : 'number'}`, percent);
  const width = digits === '' ? {} : { width: Number(digits) };
  try {
    const token = readTransformed(text, start, table) ?? readField(text, start, table);
    if (token === undefined) {
      return { ...failure(`invalid formatting token ${firstWord(text, start)}`, percent), isUnknownName: true };
    }
    return { ok: true, part: { kind: 'value', ...token, ...width }, end: token.end };
  } catch (error) {
    if (!(error instanceof TypeProblem)) throw error;
    return failure(error.message, percent);
  }
}

interface Token {
  readonly name: string;
  readonly operand: TypedOperand;
  readonly end: number;
}

function readTransformed(text: string, start: number, table: FieldTable): Token | undefined {
  const parsed = parseTransformedPrefix(text, start);
  if (parsed === undefined) return undefined;
  const source = text.slice(start, parsed.end);
  // A blank inside the parentheses of a single transformer is no format of Falco's.
  if (/\(\s|\s\)|\w\s+\(/.test(source.replace(/"[^"]*"|'[^']*'/g, ''))) return undefined;
  const operand = typeOperand(parsed.operand, table);
  return { name: nameOf(operand), operand, end: parsed.end };
}

function readField(text: string, start: number, table: FieldTable): Token | undefined {
  const info = table.longestPrefix(text.slice(start));
  if (info === undefined) return undefined;
  const rest = text.slice(start + info.name.length);
  const argument = info.argument === 'none' ? undefined : readArgument(rest, info.argument);
  // Without an index, an output names the process itself: the one ancestor field that does.
  const isOwnPid = info.name === 'proc.apid' && argument === undefined;
  const lookup = table.resolve(info.name, isOwnPid ? '0' : argument?.value);
  if (!lookup.ok) return undefined;
  const { field } = lookup;
  const length = info.name.length + (argument?.length ?? 0);
  const operand: TypedOperand = { kind: 'field', field, type: field.type, isList: field.isList };
  return { name: text.slice(start, start + length), operand, end: start + length };
}

/** `[argument]`, or for fields that must have one also `.argument`. */
function readArgument(rest: string, use: 'optional' | 'required'): { value: string; length: number } | undefined {
  const bracketed = /^\[(?:"([^"]*)"|'([^']*)'|([^\]]+))\]/.exec(rest);
  if (bracketed !== null) {
    const [whole, double, single, bare] = bracketed;
    return { value: double ?? single ?? bare ?? '', length: whole.length };
  }
  const dotted = use === 'required' ? /^\.([a-zA-Z0-9_./-]*[a-zA-Z0-9_])/.exec(rest) : null;
  return dotted === null ? undefined : { value: dotted[1] ?? '', length: dotted[0].length };
}

/** The name of a transformed value in `output_fields`: `join(->,(proc.name,evt.arg.path))`. */
function nameOf(input: TypedInput): string {
  switch (input.kind) {
    case 'field':
      return fieldName(input.field.info.name, input.field.argument);
    case 'literal':
      return input.text;
    case 'inputs':
      return `(${input.items.map(nameOf).join(',')})`;
    case 'transform': {
      const argument = input.argument === undefined ? '' : `[${input.argument}]`;
      return `${input.transformer}(${input.inputs.map(nameOf).join(',')})${argument}`;
    }
  }
}

function firstWord(text: string, start: number): string {
  return text.slice(start).split(/\s/, 1)[0] ?? '';
}

function failure(why: string, offset: number) {
  return { ok: false as const, message: `invalid formatting syntax: ${why}`, offset, isUnknownName: false };
}

/** Reads and prints the values of a format. */
export interface Formatter {
  /** The text; up to the first missing value when the format insists on values, and then not complete. */
  text(event: DetectorEvent): { readonly text: string; readonly isComplete: boolean };
  /** The values by name, null where the event lacks one; what transformed values are made of is among them. */
  values(event: DetectorEvent): Readonly<Record<string, FieldValue | null>>;
}

/** Binds a format to how operands are read. */
export function createFormatter(format: OutputFormat, extractorOf: (operand: TypedOperand) => Extractor): Formatter {
  const parts = format.parts.map((part) =>
    part.kind === 'text' ? part : { ...part, read: extractorOf(part.operand) },
  );
  const readers = valueReaders(format, extractorOf);
  return {
    text: (event) => {
      let line = '';
      for (const part of parts) {
        const text = part.kind === 'text' ? part.text : printed(part.operand, part.read(event));
        if (text === undefined && !format.toleratesMissing) return { text: line, isComplete: false };
        line += fitted(text ?? '<NA>', part.kind === 'text' ? undefined : part.width);
      }
      return { text: line, isComplete: true };
    },
    values: (event) => {
      const values: Record<string, FieldValue | null> = {};
      for (const [name, read] of readers) {
        const value = read(event);
        if (value === undefined && !format.toleratesMissing) return values;
        values[name] = value ?? null;
      }
      return values;
    },
  };
}

function valueReaders(
  format: OutputFormat,
  extractorOf: (operand: TypedOperand) => Extractor,
): ReadonlyMap<string, Extractor> {
  const readers = new Map<string, Extractor>();
  for (const part of format.parts) {
    if (part.kind === 'text') continue;
    readers.set(part.name, typedReader(part.operand, extractorOf));
    for (const inner of operandsWithin(part.operand)) readers.set(nameOf(inner), typedReader(inner, extractorOf));
  }
  return readers;
}

function operandsWithin(input: TypedInput): readonly TypedOperand[] {
  if (input.kind === 'inputs') return input.items.flatMap((item) => [...ownOperand(item), ...operandsWithin(item)]);
  if (input.kind !== 'transform') return [];
  return input.inputs.flatMap((inner) => [...ownOperand(inner), ...operandsWithin(inner)]);
}

function ownOperand(input: TypedInput): readonly TypedOperand[] {
  return input.kind === 'field' || input.kind === 'transform' ? [input] : [];
}

/** Times are texts for people in the line, and nanoseconds among the values. */
const TIME_TEXTS: ReadonlySet<string> = new Set([
  'evt.time',
  'evt.time.s',
  'evt.time.iso8601',
  'evt.datetime',
  'evt.datetime.s',
]);

function typedReader(operand: TypedOperand, extractorOf: (operand: TypedOperand) => Extractor): Extractor {
  if (operand.kind === 'field' && TIME_TEXTS.has(operand.field.info.name)) return (event) => event.timeNs;
  return extractorOf(operand);
}

function printed(operand: TypedOperand, value: FieldValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (isList(value) && value.length === 0) return undefined;
  return valueText(value, operand.kind === 'field' ? operand.field.info : undefined);
}

function fitted(text: string, width: number | undefined): string {
  return width === undefined ? text : text.slice(0, width).padEnd(width);
}
