import type { FieldInfo } from './field-info.ts';
import type { FieldValue, Scalar } from './types.ts';

/** A value as it stands in outputs: lists in parentheses, ancestors in a row. */
export function valueText(value: FieldValue, info?: FieldInfo): string {
  if (!isList(value)) return scalarText(value);
  if (info?.special === 'ancestors' || info?.special === 'ends') return value.map(scalarText).join(' ');
  return `(${value.map(scalarText).join(',')})`;
}

/** A single value as text. */
export function scalarText(value: Scalar): string {
  return typeof value === 'string' ? value : String(value);
}

/** Tells lists from single values, which Array.isArray does not do for readonly arrays. */
export function isList(value: FieldValue): value is readonly Scalar[] {
  return Array.isArray(value);
}
