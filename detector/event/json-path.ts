import { printJson, type JsonValue } from './json.ts';

/** The value below the given keys; a number counts into an array. Undefined where there is none. */
export function valueAt(json: JsonValue | undefined, keys: readonly string[]): JsonValue | undefined {
  let value = json;
  for (const key of keys) {
    if (Array.isArray(value)) value = /^\d+$/.test(key) ? (value as readonly JsonValue[])[Number(key)] : undefined;
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** The array below the given keys; of anything else an array with that, and undefined for nothing. */
export function arrayAt(json: JsonValue | undefined, keys: readonly string[]): readonly JsonValue[] | undefined {
  const value = valueAt(json, keys);
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [value];
}

/** A value as text: texts as they are, all else as JSON. */
export function jsonText(value: JsonValue): string {
  return typeof value === 'string' ? value : printJson(value);
}

export function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
