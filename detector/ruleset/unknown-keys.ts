import type { Diagnostics } from './diagnostics.ts';
import type { ItemReader } from './yaml-node.ts';

/** Warns of keys that an item does not have, which may be misspelt. */
export function warnOfUnknownKeys(reader: ItemReader, known: readonly string[], diagnostics: Diagnostics): void {
  for (const key of reader.keys()) {
    if (known.includes(key)) continue;
    diagnostics.warning('LOAD_UNKNOWN_KEY', `Unknown key '${key}'`, reader.placeOfKey(key));
  }
}
