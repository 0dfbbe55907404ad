import type { Diagnostics } from './diagnostics.ts';
import type { ListItem, MacroItem } from './items.ts';
import { readAppendFlag, readOverrides } from './override.ts';
import { warnOfUnknownKeys } from './unknown-keys.ts';
import type { ItemReader } from './yaml-node.ts';

const MACRO_NAME = /^[a-zA-Z]+[a-zA-Z0-9_]*$/;
const LIST_NAME = /^[^()"'\s=,]+$/;

/** Reads a `list` or `macro` item. */
export function readMacroOrList(reader: ItemReader, diagnostics: Diagnostics): ListItem | MacroItem {
  return reader.has('list') ? readList(reader, diagnostics) : readMacro(reader, diagnostics);
}

function readList(reader: ItemReader, diagnostics: Diagnostics): ListItem {
  const name = reader.text('list').text;
  if (!LIST_NAME.test(name)) {
    const message = `List has an invalid name. List names should match a regular expression: ${LIST_NAME.source}`;
    diagnostics.warning('LOAD_INVALID_LIST_NAME', message, reader.placeOf('list'));
  }
  const items = reader.texts('items');
  const isAppended = readAppendFlag(reader, diagnostics);
  const overrides = readOverrides(reader, { append: ['items'], replace: ['items'] }, { isAppended });
  warnOfUnknownKeys(reader, ['list', 'items', 'append', 'override'], diagnostics);
  return { kind: 'list', name, items, isAppended: isAppended || overrides.append.has('items'), at: reader.at };
}

function readMacro(reader: ItemReader, diagnostics: Diagnostics): MacroItem {
  const name = reader.text('macro').text;
  if (!MACRO_NAME.test(name)) {
    const message = `Macro has an invalid name. Macro names should match a regular expression: ${MACRO_NAME.source}`;
    diagnostics.warning('LOAD_INVALID_MACRO_NAME', message, reader.placeOf('macro'));
  }
  const condition = reader.text('condition');
  const isAppended = readAppendFlag(reader, diagnostics);
  const overrides = readOverrides(reader, { append: ['condition'], replace: ['condition'] }, { isAppended });
  warnOfUnknownKeys(reader, ['macro', 'condition', 'append', 'override'], diagnostics);
  return { kind: 'macro', name, condition, isAppended: isAppended || overrides.append.has('condition'), at: reader.at };
}
