import { familyOf, type FieldType, type TypeFamily } from '../event/field-types.ts';
import type { Modifier, Operator } from './ast.ts';

/** Says why an operator does not apply to a field, or undefined when it does. */
export function operatorProblem(
  operator: Operator | 'exists',
  type: FieldType,
  { isList, modifier }: { readonly isList: boolean; readonly modifier?: Modifier | undefined },
): string | undefined {
  if (operator === 'exists') return undefined;
  const name = operator === '==' ? '=' : operator;
  if (isList) {
    return modifier === undefined && LIST_FIELD_OPERATORS.has(name)
      ? undefined
      : `filter error: '${name}' operator not supported for list filters`;
  }
  const { family } = familyOf(type);
  if (FAMILY_OPERATORS[family].has(name)) return undefined;
  return `filter error: '${name}' operator not supported for ${FAMILY_NAMES[family]} filters`;
}

const LIST_FIELD_OPERATORS: ReadonlySet<string> = new Set(['in', 'intersects']);
const EQUALITY = ['=', '!=', 'in', 'intersects'];
const ORDER = ['<', '<=', '>', '>='];
const NUMERIC = new Set([...EQUALITY, ...ORDER]);

const FAMILY_OPERATORS: Readonly<Record<TypeFamily, ReadonlySet<string>>> = {
  signed: NUMERIC,
  unsigned: NUMERIC,
  double: NUMERIC,
  bool: new Set(EQUALITY),
  address: new Set(EQUALITY),
  net: new Set(EQUALITY),
  string: new Set([
    ...EQUALITY,
    ...ORDER,
    'glob',
    'iglob',
    'contains',
    'icontains',
    'startswith',
    'endswith',
    'regex',
    'pmatch',
  ]),
  buffer: new Set([...EQUALITY, 'contains', 'startswith', 'endswith', 'bcontains', 'bstartswith']),
  opaque: new Set(),
};

const FAMILY_NAMES: Readonly<Record<TypeFamily, string>> = {
  signed: 'numeric',
  unsigned: 'numeric',
  double: 'numeric',
  bool: 'boolean',
  address: 'ip address and network',
  net: 'ip address and network',
  string: 'string',
  buffer: 'buffer',
  opaque: 'structured',
};
