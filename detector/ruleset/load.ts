import type { Priority } from '../alert/types.ts';
import { createFieldTable, type FieldTable } from '../event/field-table.ts';
import type { Provision } from '../event/provided.ts';
import type { AppendOutput } from './append-output.ts';
import { collect, type Collection } from './collect.ts';
import { compileRules } from './compile-rules.ts';
import { createDiagnostics, type Diagnostics } from './diagnostics.ts';
import { listExpander, type ListExpander } from './expand-lists.ts';
import type { PluginVersion } from './items.ts';
import { readFile } from './read-file.ts';
import { macroResolver, type MacroResolver } from './resolve-macros.ts';
import { selectRules, type RuleSelection } from './select-rules.ts';
import type { LoadResult, RulesFile, Ruleset } from './types.ts';

export interface LoadOptions {
  /** Rules to switch on and off, in order; the last that matches decides. */
  readonly selections?: readonly RuleSelection[];
  /** Rules that are less urgent are switched off. Default Debug: all are on. */
  readonly minimumPriority?: Priority;
  /** Additions to outputs. */
  readonly appendOutput?: readonly AppendOutput[];
  /** What the sources provide. With it, rules that need more are reported and switched off. */
  readonly provision?: Provision;
  /** Sources of which there are events. */
  readonly sources?: readonly string[];
  /** What stands in for plugins that rules may require. */
  readonly plugins?: readonly PluginVersion[];
  readonly table?: FieldTable;
}

/** The plugins of Falco whose fields and events are built in here. */
export const BUILT_IN_PLUGINS: readonly PluginVersion[] = [
  { name: 'k8saudit', version: '0.18.0' },
  { name: 'json', version: '0.7.3' },
  { name: 'container', version: '0.6.4' },
];

const ALL_FIELDS = createFieldTable();

/**
 * Loads rules files as a compiler does: read, collect, resolve, compile. Pure, and never throws: what is wrong comes
 * back as diagnostics, all of it at once. With any error there is no ruleset.
 */
export function loadRules(files: readonly RulesFile[], options: LoadOptions = {}): LoadResult {
  const diagnostics = createDiagnostics();
  const table = options.table ?? ALL_FIELDS;
  const items = files.flatMap((file) => readFile(file, diagnostics));
  const collection = collect(
    items,
    { table, sources: options.sources ?? ['syscall', 'k8s_audit'], plugins: options.plugins ?? BUILT_IN_PLUGINS },
    diagnostics,
  );
  const ruleset = compile(collection, table, options, diagnostics);
  const { errors, warnings } = diagnostics;
  const found = { errors, warnings, schemaValidation: diagnostics.hasSchemaProblem ? 'failed' : 'ok' } as const;
  return errors.length === 0 ? { ruleset, ...found } : found;
}

function compile(collection: Collection, table: FieldTable, options: LoadOptions, diagnostics: Diagnostics): Ruleset {
  const lists = listExpander(collection.lists, diagnostics);
  const macros = macroResolver(collection.macros, lists, diagnostics);
  const { provision } = options;
  const rules = compileRules(collection.rules.values(), {
    table,
    lists,
    macros,
    diagnostics,
    appendOutput: options.appendOutput ?? [],
    ...(provision === undefined ? {} : { provision }),
  });
  warnOfUnused(collection, lists, macros, diagnostics);
  return {
    rules: selectRules(rules, options),
    macros: macros.macros,
    lists: new Map([...collection.lists].map(([name, list]) => [name, list.items.map(({ text }) => text)])),
    requiredEngineVersion: collection.requiredEngineVersion,
  };
}

function warnOfUnused(
  collection: Collection,
  lists: ListExpander,
  macros: MacroResolver,
  diagnostics: Diagnostics,
): void {
  for (const { name, at } of collection.macros.values()) {
    if (macros.used.has(name)) continue;
    diagnostics.warning('LOAD_UNUSED_MACRO', `Macro not referred to by any other rule/macro: '${name}'`, at);
  }
  for (const { name, at } of collection.lists.values()) {
    if (lists.used.has(name)) continue;
    diagnostics.warning('LOAD_UNUSED_LIST', `List not referred to by any other rule/macro: '${name}'`, at);
  }
}
