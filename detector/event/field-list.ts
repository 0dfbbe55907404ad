import type { ArgumentUse, FieldInfo } from './field-info.ts';
import type { FieldType } from './field-types.ts';
import { FIELDS } from './fields.ts';
import type { Provision } from './provided.ts';
import type { EventSource } from './types.ts';

/** A row of the field table together with what this version fills of it. */
export interface ListedField {
  readonly name: string;
  readonly type: FieldType;
  readonly isList: boolean;
  readonly argument: ArgumentUse;
  /** Present for a field that takes an argument: a number, a name, or either. */
  readonly argumentKind?: FieldInfo['argumentKind'];
  readonly sources: readonly EventSource[];
  /** The sensor or the audit source fills it. A rule that needs a field nobody fills is switched off in a lab. */
  readonly isProvided: boolean;
  /** Present where only some arguments are filled: their names. */
  readonly providedArguments?: readonly string[];
  /** Still known, but no rule should be written with it. */
  readonly isDeprecated: boolean;
  readonly description: string;
}

/** Every field of the rules language, in the order of the documentation. */
export function listFields(provision: Provision): readonly ListedField[] {
  return FIELDS.map((info) => listed(info, provision));
}

function listed(info: FieldInfo, provision: Provision): ListedField {
  const { name, type, isList, argument, argumentKind, sources, isDeprecated, description } = info;
  const isProvided = provision.fields.has(name);
  return {
    name,
    type,
    isList,
    argument,
    ...(argument === 'none' ? {} : { argumentKind }),
    sources,
    isProvided,
    ...(isProvided && name === 'evt.arg' ? { providedArguments: [...provision.eventArguments].sort() } : {}),
    isDeprecated,
    description,
  };
}
