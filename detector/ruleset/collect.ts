import type { FieldTable } from '../event/field-table.ts';
import { checkException } from './check-exception.ts';
import { guarded, LoadProblem, type Diagnostics } from './diagnostics.ts';
import type {
  EnableItem,
  EngineVersionItem,
  ExceptionItem,
  Item,
  ListItem,
  MacroItem,
  PluginVersion,
  PluginVersionItem,
  RuleItem,
  RuleUpdateItem,
} from './items.ts';
import { joinTexts, textAt, type MappedText } from './mapped-text.ts';
import type { Located } from './source-file.ts';
import { ENGINE_VERSION, parseVersion, satisfies } from './version.ts';

/** When an item was first defined, and when it was last changed: what comes later is not seen by what comes before. */
interface Order {
  readonly index: number;
  readonly visibility: number;
}

export type CollectedList = Omit<ListItem, 'kind' | 'isAppended'> & Order;
export type CollectedMacro = Omit<MacroItem, 'kind' | 'isAppended'> & Order;
export type CollectedRule = Omit<RuleItem, 'kind'> & Order & { readonly isOfKnownSource: boolean };

/** All items of all files, with what later ones change in earlier ones, in the order of their first definition. */
export interface Collection {
  readonly lists: ReadonlyMap<string, CollectedList>;
  readonly macros: ReadonlyMap<string, CollectedMacro>;
  readonly rules: ReadonlyMap<string, CollectedRule>;
  /** The newest engine version that any file asks for. */
  readonly requiredEngineVersion: string;
}

export interface CollectOptions {
  readonly table: FieldTable;
  /** Sources of which there are events. */
  readonly sources: readonly string[];
  readonly plugins: readonly PluginVersion[];
}

/** Merges the items of the files: redefinitions, appending, overrides, switches. Problems go to the diagnostics. */
export function collect(items: readonly Item[], options: CollectOptions, diagnostics: Diagnostics): Collection {
  const state: State = {
    options,
    diagnostics,
    lists: new Map(),
    macros: new Map(),
    rules: new Map(),
    requiredEngineVersion: '0.0.0',
    nextIndex: 0,
  };
  for (const item of items) {
    guarded(diagnostics, () => {
      collectItem(state, item);
    });
  }
  return state;
}

interface State extends Collection {
  readonly options: CollectOptions;
  readonly diagnostics: Diagnostics;
  readonly lists: Map<string, CollectedList>;
  readonly macros: Map<string, CollectedMacro>;
  readonly rules: Map<string, CollectedRule>;
  requiredEngineVersion: string;
  nextIndex: number;
}

function collectItem(state: State, item: Item): void {
  switch (item.kind) {
    case 'engineVersion':
      requireEngine(state, item);
      return;
    case 'pluginVersion':
      requirePlugin(state, item);
      return;
    case 'list':
      collectList(state, item);
      return;
    case 'macro':
      collectMacro(state, item);
      return;
    case 'rule':
      collectRule(state, item);
      return;
    case 'update':
      updateRule(state, item);
      return;
    case 'enable':
      enableRule(state, item);
  }
}

function invalid(message: string, at: Located): LoadProblem {
  return new LoadProblem('LOAD_ERR_VALIDATE', message, at);
}

function requireEngine(state: State, { version, at }: EngineVersionItem): void {
  const wanted = parseVersion(version);
  const own = parseVersion(ENGINE_VERSION);
  if (wanted === undefined || own === undefined || !satisfies(own, wanted)) {
    throw invalid(`Rules require engine version ${version}, but engine version is ${ENGINE_VERSION}`, at);
  }
  const known = parseVersion(state.requiredEngineVersion);
  if (known === undefined || satisfies(wanted, known)) state.requiredEngineVersion = version;
}

function requirePlugin(state: State, { alternatives, at }: PluginVersionItem): void {
  const seen = new Set<string>();
  for (const { name, version } of alternatives) {
    if (parseVersion(version) === undefined)
      throw invalid(`Invalid required version '${version}' for plugin '${name}'`, at);
    if (seen.has(name)) {
      throw invalid(`Defined multiple alternative version requirements for plugin '${name}'`, at);
    }
    seen.add(name);
  }
  if (alternatives.some((wanted) => state.options.plugins.some((plugin) => serves(plugin, wanted)))) return;
  const wanted = alternatives.map(({ name, version }) => `${name} ${version}`).join(' or ');
  throw invalid(`Plugin requirement not satisfied, must load one of: ${wanted}`, at);
}

function serves(plugin: PluginVersion, wanted: PluginVersion): boolean {
  const existing = parseVersion(plugin.version);
  const version = parseVersion(wanted.version);
  return plugin.name === wanted.name && existing !== undefined && version !== undefined && satisfies(existing, version);
}

/** A new definition takes the place of an old one, but is seen only by what comes after it. */
function order(state: State, previous: Order | undefined): Order {
  const visibility = state.nextIndex++;
  return { index: previous?.index ?? visibility, visibility };
}

function collectList(state: State, { name, items, isAppended, at }: ListItem): void {
  const previous = state.lists.get(name);
  if (isAppended && previous === undefined) {
    throw invalid("List uses 'append' or 'override.items: append' but no list by that name already exists", at);
  }
  const list =
    isAppended && previous !== undefined ? { ...previous, items: [...previous.items, ...items] } : { name, items, at };
  state.lists.set(name, { ...list, ...order(state, previous) });
}

function collectMacro(state: State, { name, condition, isAppended, at }: MacroItem): void {
  const previous = state.macros.get(name);
  if (isAppended && previous === undefined) {
    throw invalid("Macro uses 'append' or 'override.condition: append' but no macro by that name already exists", at);
  }
  const macro =
    isAppended && previous !== undefined
      ? { ...previous, condition: withBlank(previous.condition, condition, at) }
      : { name, condition, at };
  state.macros.set(name, { ...macro, ...order(state, previous) });
}

function withBlank(first: MappedText, second: MappedText, at: Located): MappedText {
  return joinTexts([first, textAt(' ', at), second]);
}

function collectRule(state: State, item: RuleItem): void {
  const previous = state.rules.get(item.name);
  if (previous !== undefined && previous.source !== item.source) {
    throw invalid('Rule has been re-defined with a different source', item.at);
  }
  const isOfKnownSource = state.options.sources.includes(item.source);
  if (!isOfKnownSource) {
    state.diagnostics.warning('LOAD_UNKNOWN_SOURCE', `Unknown source ${item.source}, skipping`, item.at);
  }
  const exceptions = item.exceptions.map((exception) => checkException(exception, tableFor(state, isOfKnownSource)));
  state.rules.set(item.name, { ...item, exceptions, isOfKnownSource, ...order(state, previous) });
}

/** Fields of a source that nobody delivers are not known. */
function tableFor(state: State, isOfKnownSource: boolean): FieldTable | undefined {
  return isOfKnownSource ? state.options.table : undefined;
}

function updateRule(state: State, item: RuleUpdateItem): void {
  const previous = state.rules.get(item.name);
  if (previous === undefined) {
    throw invalid(
      item.how === 'append'
        ? "Rule uses 'append' or 'override.<key>: append' but no rule by that name already exists"
        : "An 'override.<key>: replace' to a rule was requested but no rule by that name already exists",
      item.at,
    );
  }
  if (item.source !== undefined && item.source !== previous.source) {
    throw invalid('Rule has been re-defined with a different source', item.at);
  }
  if (Object.keys(item.changes).length === 0) {
    throw invalid('Appended rule must have exceptions or condition property', item.at);
  }
  const changed = item.how === 'append' ? appended(state, previous, item) : replaced(state, previous, item);
  state.rules.set(item.name, { ...changed, ...order(state, previous) });
}

function appended(state: State, rule: CollectedRule, { changes, at }: RuleUpdateItem): CollectedRule {
  return {
    ...rule,
    condition: changes.condition === undefined ? rule.condition : withBlank(rule.condition, changes.condition, at),
    output: changes.output === undefined ? rule.output : withBlank(rule.output, changes.output, at),
    description: [rule.description, changes.description].filter((text) => text !== undefined).join(' '),
    tags: [...rule.tags, ...(changes.tags ?? [])],
    exceptions: (changes.exceptions ?? []).reduce(
      (exceptions, exception) => withException(state, rule, exceptions, exception),
      rule.exceptions,
    ),
  };
}

function replaced(state: State, rule: CollectedRule, { changes }: RuleUpdateItem): CollectedRule {
  const table = tableFor(state, rule.isOfKnownSource);
  const exceptions = changes.exceptions?.map((exception) => checkException(exception, table)) ?? rule.exceptions;
  return { ...rule, ...changes, exceptions };
}

/** Values are added to an exception that is there; a new one has to be whole. */
function withException(
  state: State,
  rule: CollectedRule,
  exceptions: readonly ExceptionItem[],
  added: ExceptionItem,
): readonly ExceptionItem[] {
  const index = exceptions.findIndex(({ name }) => name === added.name);
  const known = exceptions[index];
  if (known === undefined) {
    if (added.fields === undefined) {
      throw invalid('Rule exception must have fields property with a list of fields', added.at);
    }
    if (added.values.length === 0) {
      throw invalid('Rule exception must have values property with a list of values', added.at);
    }
    return [...exceptions, checkException(added, tableFor(state, rule.isOfKnownSource))];
  }
  if (added.fields !== undefined) {
    throw invalid('Can not append exception fields to existing exception, only values', added.at);
  }
  if (added.comparisons !== undefined) {
    throw invalid('Can not append exception comps to existing exception, only values', added.at);
  }
  return exceptions.with(index, { ...known, values: [...known.values, ...added.values] });
}

function enableRule(state: State, { name, enabled, at }: EnableItem): void {
  const previous = state.rules.get(name);
  if (previous === undefined) throw invalid("Rule has 'enabled' key but no rule by that name already exists", at);
  state.rules.set(name, { ...previous, enabled });
}
