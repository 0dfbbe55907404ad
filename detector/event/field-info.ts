import type { FieldType } from './field-types.ts';
import type { EventSource } from './types.ts';

/** How a field is asked for: `proc.name`, `proc.aname[2]` or `proc.aname`, `evt.arg.flags` or `evt.arg[flags]`. */
export type ArgumentUse = 'none' | 'optional' | 'required';

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
  /** Compares in a way of its own (both ends of a connection, any ancestor): not to be transformed, nor used with val(). */
  readonly isSpecial: boolean;
  readonly isDeprecated: boolean;
}

export interface FieldOptions {
  readonly isList?: true;
  readonly argument?: ArgumentUse;
  readonly argumentKind?: FieldInfo['argumentKind'];
  readonly isSpecial?: true;
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
    isSpecial: options.isSpecial ?? false,
    isDeprecated: options.isDeprecated ?? false,
  }));
}
