import type { Diagnostics } from './diagnostics.ts';
import type { ItemReader } from './yaml-node.ts';

/** Warns of keys that an item does not have, which may be misspelt. */
export function warnOfUnknownKeys(reader: ItemReader, known: readonly string[], diagnostics: Diagnostics): void {
  for (const key of reader.keys()) {
    if (known.includes(key)) continue;
    if (!KEYS_OF_ANY_ITEM.has(key)) diagnostics.schemaProblem();
    diagnostics.warning('LOAD_UNKNOWN_KEY', `Unknown key '${key}'`, reader.placeOfKey(key));
  }
}

/** The schema does not tell which key belongs to which kind of item. */
const KEYS_OF_ANY_ITEM: ReadonlySet<string> = new Set([
  'append',
  'capture',
  'capture_duration',
  'comps',
  'condition',
  'desc',
  'enabled',
  'exceptions',
  'fields',
  'items',
  'list',
  'macro',
  'name',
  'output',
  'override',
  'priority',
  'rule',
  'skip-if-unknown-filter',
  'source',
  'tags',
  'values',
  'warn_evttypes',
]);
