import { isMap, isScalar } from 'yaml';
import type { Diagnostics } from './diagnostics.ts';
import { validation, type ItemReader } from './yaml-node.ts';

/** Which keys of an item are added to what is there, and which take its place. */
export interface Overrides {
  readonly append: ReadonlySet<string>;
  readonly replace: ReadonlySet<string>;
}

export interface Overridable {
  readonly append: readonly string[];
  readonly replace: readonly string[];
}

const APPEND_DEPRECATED =
  "'append' key is deprecated. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.";
const BOTH_GIVEN =
  "Keys 'override' and 'append: true' cannot be used together. Add an 'append' entry (e.g. 'condition: append') under 'override' instead.";

/** Reads the `append` key, which is the old way of `override`. */
export function readAppendFlag(reader: ItemReader, diagnostics: Diagnostics): boolean {
  const isAppended = reader.optionalFlag('append') ?? false;
  if (isAppended) diagnostics.warning('LOAD_DEPRECATED_ITEM', APPEND_DEPRECATED, reader.placeOfKey('append'));
  return isAppended;
}

/** Reads the `override` key; it does not go together with `append: true`. */
export function readOverrides(
  reader: ItemReader,
  overridable: Overridable,
  { isAppended }: { readonly isAppended: boolean },
): Overrides {
  const append = new Set<string>();
  const replace = new Set<string>();
  const node = reader.node('override');
  for (const pair of isMap(node) ? node.items : []) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const how = isScalar(pair.value) ? String(pair.value.value) : '';
    const at = { ...reader.at, offset: isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : reader.at.offset };
    const problem = overrideProblem(key, how, overridable);
    if (problem !== undefined) throw validation(problem, at);
    (how === 'append' ? append : replace).add(key);
  }
  if (isAppended && append.size + replace.size > 0) throw validation(BOTH_GIVEN, reader.at);
  return { append, replace };
}

function overrideProblem(key: string, how: string, { append, replace }: Overridable): string | undefined {
  if (how === 'append') {
    return append.includes(key) ? undefined : `Key '${key}' cannot be appended to, use 'replace' instead`;
  }
  if (how === 'replace') return replace.includes(key) ? undefined : `Key '${key}' cannot be replaced`;
  const allowed = [append.includes(key) ? 'append ' : '', replace.includes(key) ? 'replace ' : ''].join('');
  return `Invalid override operation for key '${key}': '${how}'. Allowed values are: ${allowed}`;
}
