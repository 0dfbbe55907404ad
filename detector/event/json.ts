import type { Scalar } from './types.ts';

export type JsonValue = Scalar | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * Parses JSON, keeping integers that a number cannot hold as bigints: times in nanoseconds and inode numbers are such.
 * Throws SyntaxError as JSON.parse does.
 */
export function parseJson(text: string): JsonValue {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as JsonValue;
  return JSON.parse(text.replace(TOKENS, markBigInteger), reviveBigInteger) as JsonValue;
}

/** Prints JSON with bigints as plain integers. */
export function printJson(value: unknown): string {
  const marked = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? `${MARK}${String(item)}` : item,
  );
  return marked.replace(MARKED, '$1');
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
