import type { CollectedRule } from './collect.ts';

/** Text and fields that are added to the outputs of some rules, or of all. */
export interface AppendOutput {
  readonly match?: {
    readonly rule?: string;
    readonly source?: string;
    /** The rule has to have all of them. */
    readonly tags?: readonly string[];
  };
  readonly extraOutput?: string;
  /** Names of fields, or formats by name. */
  readonly extraFields?: readonly (string | Readonly<Record<string, string>>)[];
}

/** The additions that apply to a rule. */
export function additionsFor(
  rule: CollectedRule,
  additions: readonly AppendOutput[],
): { readonly texts: readonly string[]; readonly fields: ReadonlyMap<string, string> } {
  const matching = additions.filter((addition) => matches(addition, rule));
  return {
    texts: matching.flatMap(({ extraOutput }) => (extraOutput === undefined ? [] : [extraOutput])),
    fields: new Map(matching.flatMap(({ extraFields }) => (extraFields ?? []).flatMap(formatsByName))),
  };
}

function matches({ match = {} }: AppendOutput, { name, source, tags }: CollectedRule): boolean {
  if (match.rule !== undefined && match.rule !== name) return false;
  if (match.source !== undefined && match.source !== source) return false;
  return (match.tags ?? []).every((tag) => tags.includes(tag));
}

function formatsByName(field: string | Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return typeof field === 'string' ? [[field, `%${field}`]] : Object.entries(field);
}
