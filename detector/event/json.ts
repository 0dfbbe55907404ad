import type { Scalar } from './types.ts';

export type JsonValue = Scalar | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * Parses JSON, keeping integers that a number cannot hold as bigints: times in nanoseconds and inode numbers are such.
 * Throws SyntaxError as JSON.parse does.
 */
export function parseJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  if (typeof value !== 'object' || value === null) return parseWithMarks(text);
  return withBigIntegers(value as Record<string, JsonValue>, text) ?? parseWithMarks(text);
}

/** Prints JSON with bigints as plain integers. */
export function printJson(value: unknown): string {
  const marked = markBigIntegers(value);
  const text = JSON.stringify(marked);
  return marked === value ? text : text.replace(MARKED, '$1');
}

/**
 * Replaces what JSON.parse could not hold by what the text has. For maps of plain values, as events are, with keys as
 * JSON.parse orders them; undefined for all else.
 */
function withBigIntegers(map: Record<string, JsonValue>, text: string): JsonValue | undefined {
  let from = 0;
  for (const key in map) {
    const value = map[key];
    if (typeof value === 'object' && value !== null) return undefined;
    if (typeof value !== 'number' || Number.isSafeInteger(value)) continue;
    const colon = colonBehind(key, text, from);
    if (colon === undefined) return undefined;
    INTEGER.lastIndex = from = colon;
    const digits = INTEGER.exec(text)?.[1];
    if (Number(digits ?? value) !== value) return undefined;
    if (digits !== undefined) map[key] = BigInt(digits);
  }
  return map;
}

const INTEGER = /:\s*(-?\d+)(?![\d.eE])/y;
const COLON = /\s*(?=:)/y;

/** Keys that are written as they are, and begin in a way in which nothing can go on behind a text. */
const PLAIN_KEY = /^\w[^"\\]*$/;

/**
 * Where the value of a key begins in the text. A quote that no backslash precedes and that a plain key and a quote follow
 * can only begin a text that is the key, and before a colon it is one.
 */
function colonBehind(key: string, text: string, from: number): number | undefined {
  if (!PLAIN_KEY.test(key)) return undefined;
  const quoted = `"${key}"`;
  for (let at = text.indexOf(quoted, from); at >= 0; at = text.indexOf(quoted, at + 1)) {
    COLON.lastIndex = at + quoted.length;
    if (text[at - 1] !== '\\' && COLON.test(text)) return COLON.lastIndex;
  }
  return undefined;
}

/** Slower, for documents: every big integer becomes a marked text first. */
function parseWithMarks(text: string): JsonValue {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as JsonValue;
  return JSON.parse(text.replace(TOKENS, markBigInteger), reviveBigInteger) as JsonValue;
}

/** No text of an event starts with this, as a private code point has no meaning. */
const MARK = '\ue000bigint:';
const MARKED = /"\ue000bigint:(-?\d+)"/g;
/** Strings, so that digits inside them are left alone, and numbers. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function markBigInteger(token: string): string {
  if (!/^-?\d{16,}$/.test(token) || Number.isSafeInteger(Number(token))) return token;
  return `"${MARK}${token}"`;
}

function reviveBigInteger(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
}

/** The same value where it holds no bigint, otherwise a copy with a marked text for each. */
function markBigIntegers(value: unknown): unknown {
  if (typeof value === 'bigint') return `${MARK}${String(value)}`;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const marked = items.map(markBigIntegers);
    return marked.every((item, index) => item === items[index]) ? value : marked;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const marked = markBigIntegers(item);
    if (marked !== item) (copy ??= { ...value })[key] = marked;
  }
  return copy ?? value;
}
