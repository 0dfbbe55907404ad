import type { Priority } from '../alert/types.ts';
import type { MappedText } from './mapped-text.ts';
import type { Located } from './source-file.ts';

/** What the reader makes of the items of a rules file. */
export type Item =
  EngineVersionItem | PluginVersionItem | ListItem | MacroItem | RuleItem | RuleUpdateItem | EnableItem;

export interface EngineVersionItem {
  readonly kind: 'engineVersion';
  readonly version: string;
  readonly at: Located;
}

export interface PluginVersion {
  readonly name: string;
  readonly version: string;
}

export interface PluginVersionItem {
  readonly kind: 'pluginVersion';
  /** The plugin and those that may take its place; one of them has to be there. */
  readonly alternatives: readonly PluginVersion[];
  readonly at: Located;
}

export interface ListItem {
  readonly kind: 'list';
  readonly name: string;
  readonly items: readonly MappedText[];
  readonly isAppended: boolean;
  readonly at: Located;
}

export interface MacroItem {
  readonly kind: 'macro';
  readonly name: string;
  readonly condition: MappedText;
  readonly isAppended: boolean;
  readonly at: Located;
}

/** A whole rule. */
export interface RuleItem {
  readonly kind: 'rule';
  readonly name: string;
  readonly condition: MappedText;
  readonly output: MappedText;
  readonly description: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly exceptions: readonly ExceptionItem[];
  readonly enabled: boolean;
  readonly warnEventTypes: boolean;
  readonly skipIfUnknownFilter: boolean;
  readonly capture: boolean;
  readonly captureDurationMs: number;
  readonly at: Located;
}

/** Parts of a rule that are given anew, or added to what is there. */
export interface RuleUpdateItem {
  readonly kind: 'update';
  readonly how: 'append' | 'replace';
  readonly name: string;
  readonly source?: string;
  readonly changes: RuleChanges;
  readonly at: Located;
}

export type RuleChanges = Partial<
  Pick<
    RuleItem,
    | 'condition'
    | 'output'
    | 'description'
    | 'priority'
    | 'tags'
    | 'exceptions'
    | 'enabled'
    | 'warnEventTypes'
    | 'skipIfUnknownFilter'
    | 'capture'
    | 'captureDurationMs'
  >
>;

/** An old way to switch a rule on or off. */
export interface EnableItem {
  readonly kind: 'enable';
  readonly name: string;
  readonly enabled: boolean;
  readonly at: Located;
}

/** A scalar, or a list of entries. */
export type Entry =
  | { readonly kind: 'scalar'; readonly text: MappedText }
  | { readonly kind: 'list'; readonly entries: readonly Entry[] };

export interface ExceptionItem {
  readonly name: string;
  readonly fields?: Entry;
  readonly comparisons?: Entry;
  readonly values: readonly Entry[];
  readonly at: Located;
}
