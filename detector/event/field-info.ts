import type { FieldType } from './field-types.ts';
import type { EventSource } from './types.ts';

/** How a field is asked for: `proc.name`, `proc.aname[2]` or `proc.aname`, `evt.arg.flags` or `evt.arg[flags]`. */
export type ArgumentUse = 'none' | 'optional' | 'required';

/**
 * `ends`: looks at both ends of a connection, `!=` asks that neither is the value. `ancestors`: looks at any ancestor,
 * `!=` asks that one differs. `other`: no more than one value.
 */
export type FieldSpecial = 'ends' | 'ancestors' | 'other';

/** One row of the field table, which the type checker, the formatter and the documentation share. */
export interface FieldInfo {
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  readonly sources: readonly EventSource[];
  /** A list field: only `in`, `intersects` and `exists` apply. */
  readonly isList: boolean;
  readonly argument: ArgumentUse;
  /** `index` for numbers, `key` for names, `any` for both. */
  readonly argumentKind: 'index' | 'key' | 'any';
  /** Set for a field that compares in a way of its own, which is therefore not transformed, nor used with val(). */
  readonly special: FieldSpecial | undefined;
  readonly isDeprecated: boolean;
}

export interface FieldOptions {
  readonly isList?: true;
  readonly argument?: ArgumentUse;
  readonly argumentKind?: FieldInfo['argumentKind'];
  readonly special?: FieldSpecial;
  readonly isDeprecated?: true;
}

/** A row without its sources. */
export type FieldRow = readonly [name: string, type: FieldType, description: string, options?: FieldOptions];

/** Completes rows that share their sources. */
export function fieldsOf(sources: readonly EventSource[], rows: readonly FieldRow[]): readonly FieldInfo[] {
  return rows.map(([name, type, description, options = {}]) => ({
    name,
    type,
    description,
    sources,
    isList: options.isList ?? false,
    argument: options.argument ?? 'none',
    argumentKind: options.argumentKind ?? 'any',
    special: options.special,
    isDeprecated: options.isDeprecated ?? false,
  }));
}
