import { isScalar, isSeq, type Node } from 'yaml';
import type { Diagnostics } from './diagnostics.ts';
import type { Entry, ExceptionItem } from './items.ts';
import { textOfScalar } from './mapped-text.ts';
import { warnOfUnknownKeys } from './unknown-keys.ts';
import {
  isNull,
  locateNode,
  readerList,
  resolved,
  validation,
  type ItemReader,
  type YamlContext,
} from './yaml-node.ts';

/** Reads the `exceptions` of a rule. Where they are appended, only the values need to be given. */
export function readExceptions(
  context: YamlContext,
  rule: ItemReader,
  diagnostics: Diagnostics,
  { mayBePartial }: { readonly mayBePartial: boolean },
): readonly ExceptionItem[] {
  const node = rule.node('exceptions');
  if (node === undefined || isNull(node)) return [];
  if (!isSeq(node)) throw validation('Rule exceptions must be a sequence', rule.placeOf('exceptions'));
  const readers = readerList(context, node, 'Rule exception must be a mapping');
  const exceptions = readers.map((reader) => readException(context, reader, diagnostics, mayBePartial));
  warnOfDuplicates(exceptions, diagnostics);
  return exceptions;
}

function readException(
  context: YamlContext,
  reader: ItemReader,
  diagnostics: Diagnostics,
  mayBePartial: boolean,
): ExceptionItem {
  const name = reader.text('name').text;
  if (!mayBePartial && !reader.has('fields')) throw validation("Item has no mapping for key 'fields'", reader.at);
  warnOfUnknownKeys(reader, ['name', 'fields', 'comps', 'values'], diagnostics);
  if (mayBePartial && !reader.has('values')) {
    diagnostics.warning('LOAD_APPEND_NO_VALUES', 'Overriding/appending exception with no values', reader.at);
  }
  return {
    name,
    ...(reader.has('fields') ? { fields: readEntry(context, reader.node('fields'), reader) } : {}),
    ...(reader.has('comps') ? { comparisons: readEntry(context, reader.node('comps'), reader) } : {}),
    values: readValues(context, reader),
    at: reader.at,
  };
}

function readValues(context: YamlContext, reader: ItemReader): readonly Entry[] {
  const node = reader.node('values');
  if (node === undefined || isNull(node)) return [];
  if (!isSeq(node)) throw validation('Rule exception values must be a sequence', reader.placeOf('values'));
  return node.items.map((entry) => readEntry(context, resolved(context, entry), reader));
}

/** A value may be a tuple, and a member of it a list: nothing lies deeper. */
const MAX_DEPTH = 3;

function readEntry(context: YamlContext, node: Node | undefined, reader: ItemReader, depth = 1): Entry {
  const at = node === undefined ? reader.at : locateNode(context, node);
  if (isSeq(node)) {
    if (depth >= MAX_DEPTH) throw validation('Expected values array to contain a list of strings', at);
    const entries = node.items.map((entry) => readEntry(context, resolved(context, entry), reader, depth + 1));
    return { kind: 'list', entries };
  }
  if (!isScalar(node)) throw validation('Could not decode scalar value', at);
  if (node.value === '') throw validation('Value must be non-empty', at);
  return { kind: 'scalar', text: textOfScalar(context.file, node) };
}

function warnOfDuplicates(exceptions: readonly ExceptionItem[], diagnostics: Diagnostics): void {
  const seen = new Set<string>();
  for (const { name, at } of exceptions) {
    if (seen.has(name)) {
      diagnostics.warning(
        'LOAD_EXCEPTION_NAME_NOT_UNIQUE',
        `Multiple definitions of exception '${name}' in the same rule`,
        at,
      );
    }
    seen.add(name);
  }
}
