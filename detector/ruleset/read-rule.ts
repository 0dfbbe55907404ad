import { parsePriority } from '../alert/priority.ts';
import type { Priority } from '../alert/types.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Item, RuleChanges, RuleItem, RuleUpdateItem } from './items.ts';
import { sliceText, type MappedText } from './mapped-text.ts';
import { readAppendFlag, readOverrides, type Overrides } from './override.ts';
import { readExceptions } from './read-exceptions.ts';
import { warnOfUnknownKeys } from './unknown-keys.ts';
import { isNull, validation, type ItemReader, type YamlContext } from './yaml-node.ts';

const APPENDABLE = ['condition', 'output', 'desc', 'tags', 'exceptions'];
const REPLACEABLE = [
  ...APPENDABLE,
  'priority',
  'enabled',
  'capture',
  'capture_duration',
  'warn_evttypes',
  'skip-if-unknown-filter',
];
const KNOWN_KEYS = ['rule', 'source', 'append', 'override', ...REPLACEABLE];

const ENABLED_DEPRECATED =
  "The standalone 'enabled' key usage is deprecated. The correct approach requires also a 'replace' entry under the 'override' key (i.e. 'enabled: replace').";

/** Reads a `rule` item: a whole rule, changes to an earlier one, or its switch. */
export function readRule(context: YamlContext, reader: ItemReader, diagnostics: Diagnostics): readonly Item[] {
  const name = reader.text('rule').text;
  const isAppended = readAppendFlag(reader, diagnostics);
  const overrides = readOverrides(reader, { append: APPENDABLE, replace: REPLACEABLE }, { isAppended });
  warnOfUnknownKeys(reader, KNOWN_KEYS, diagnostics);
  const rule: RuleReader = { context, reader, diagnostics, name };
  if (overrides.append.size + overrides.replace.size > 0) return readOverriding(rule, overrides);
  if (isAppended) return [readAppended(rule)];
  const isSwitch = ['condition', 'output', 'desc', 'priority'].every((key) => !reader.has(key));
  return [isSwitch ? readSwitch(rule) : readWhole(rule)];
}

interface RuleReader {
  readonly context: YamlContext;
  readonly reader: ItemReader;
  readonly diagnostics: Diagnostics;
  readonly name: string;
}

function readSwitch({ reader, diagnostics, name }: RuleReader): Item {
  const enabled = reader.optionalFlag('enabled');
  if (enabled === undefined) throw validation("Item has no mapping for key 'enabled'", reader.at);
  diagnostics.warning('LOAD_DEPRECATED_ITEM', ENABLED_DEPRECATED, reader.placeOfKey('enabled'));
  return { kind: 'enable', name, enabled, at: reader.at };
}

function readWhole(rule: RuleReader): RuleItem {
  const { reader, name } = rule;
  return {
    kind: 'rule',
    name,
    condition: reader.text('condition'),
    output: trimmed(reader.text('output')),
    description: reader.text('desc').text,
    priority: readPriority(reader),
    source: reader.optionalText('source')?.text ?? 'syscall',
    tags: reader.has('tags') ? reader.texts('tags').map(({ text }) => text) : [],
    exceptions: readExceptions(rule.context, reader, rule.diagnostics, { mayBePartial: false }),
    enabled: reader.optionalFlag('enabled') ?? true,
    warnEventTypes: reader.optionalFlag('warn_evttypes') ?? true,
    skipIfUnknownFilter: reader.optionalFlag('skip-if-unknown-filter') ?? false,
    capture: reader.optionalFlag('capture') ?? false,
    captureDurationMs: reader.optionalCount('capture_duration') ?? 0,
    at: reader.at,
  };
}

function readPriority(reader: ItemReader): Priority {
  const priority = parsePriority(reader.text('priority').text);
  if (priority === undefined) throw validation('Invalid priority', reader.placeOf('priority'));
  return priority;
}

/** The old `append: true` adds the condition and the exceptions, and takes no notice of all else. */
function readAppended(rule: RuleReader): RuleUpdateItem {
  const { reader } = rule;
  const changes: RuleChanges = {
    ...(reader.has('condition') ? { condition: reader.text('condition') } : {}),
    ...(reader.has('exceptions') ? { exceptions: readPartialExceptions(rule) } : {}),
  };
  return update(rule, 'append', changes);
}

function readOverriding(rule: RuleReader, { append, replace }: Overrides): readonly RuleUpdateItem[] {
  const { reader } = rule;
  for (const [how, keys] of Object.entries({ append, replace })) {
    for (const key of keys) {
      if (reader.has(key)) continue;
      throw validation(`An ${how} override for '${key}' was specified but '${key}' is not defined`, reader.at);
    }
  }
  const unexpected = REPLACEABLE.find((key) => reader.has(key) && !append.has(key) && !replace.has(key));
  if (unexpected !== undefined) {
    throw validation(
      `Unexpected key '${unexpected}': no corresponding entry under 'override' is defined.`,
      reader.placeOfKey(unexpected),
    );
  }
  return [
    ...(append.size > 0 ? [update(rule, 'append', readChanges(rule, append, 'append'))] : []),
    ...(replace.size > 0 ? [update(rule, 'replace', readChanges(rule, replace, 'replace'))] : []),
  ];
}

function readChanges(rule: RuleReader, keys: ReadonlySet<string>, how: 'append' | 'replace'): RuleChanges {
  const { reader } = rule;
  const exceptions = () =>
    how === 'append'
      ? readPartialExceptions(rule)
      : readExceptions(rule.context, reader, rule.diagnostics, { mayBePartial: false });
  return {
    ...(keys.has('condition') ? { condition: reader.text('condition') } : {}),
    ...(keys.has('output') ? { output: trimmed(reader.text('output')) } : {}),
    ...(keys.has('desc') ? { description: reader.text('desc').text } : {}),
    ...(keys.has('tags') ? { tags: reader.texts('tags').map(({ text }) => text) } : {}),
    ...(keys.has('exceptions') ? { exceptions: exceptions() } : {}),
    ...(keys.has('priority') ? { priority: readPriority(reader) } : {}),
    ...flagChange(reader, keys, 'enabled', 'enabled'),
    ...flagChange(reader, keys, 'capture', 'capture'),
    ...flagChange(reader, keys, 'warn_evttypes', 'warnEventTypes'),
    ...flagChange(reader, keys, 'skip-if-unknown-filter', 'skipIfUnknownFilter'),
    ...(keys.has('capture_duration') ? { captureDurationMs: reader.optionalCount('capture_duration') ?? 0 } : {}),
  };
}

function readPartialExceptions({ context, reader, diagnostics }: RuleReader) {
  return readExceptions(context, reader, diagnostics, { mayBePartial: true });
}

function flagChange(
  reader: ItemReader,
  keys: ReadonlySet<string>,
  key: string,
  property: 'enabled' | 'capture' | 'warnEventTypes' | 'skipIfUnknownFilter',
): RuleChanges {
  return keys.has(key) ? { [property]: reader.optionalFlag(key) ?? false } : {};
}

function update({ reader, name }: RuleReader, how: 'append' | 'replace', changes: RuleChanges): RuleUpdateItem {
  const source = givenSource(reader);
  return { kind: 'update', how, name, changes, at: reader.at, ...(source === undefined ? {} : { source }) };
}

/** An empty source says nothing. */
function givenSource(reader: ItemReader): string | undefined {
  const node = reader.node('source');
  if (node === undefined || isNull(node)) return undefined;
  const text = String(node.toJSON());
  return text === '' ? undefined : text;
}

function trimmed(text: MappedText): MappedText {
  const start = text.text.length - text.text.trimStart().length;
  return sliceText(text, start, text.text.trimEnd().length);
}
