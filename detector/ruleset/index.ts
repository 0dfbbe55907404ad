export type { AppendOutput } from './append-output.ts';
export type { PluginVersion } from './items.ts';
export { BUILT_IN_PLUGINS, loadRules, type LoadOptions } from './load.ts';
export type { RuleSelection, SelectedRules } from './select-rules.ts';
export type { CompiledRule, Diagnostic, LoadResult, Place, RulesFile, Ruleset } from './types.ts';
export { ENGINE_VERSION } from './version.ts';
