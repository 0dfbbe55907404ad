export type { CompiledRule, Diagnostic, LoadResult, Place, RulesFile, Ruleset } from './types.ts';
