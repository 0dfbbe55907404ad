import type { FieldReference } from '../event/field-table.ts';
import type { Provision } from '../event/provided.ts';

/** What a rule needs and does not get. */
export interface Lacks {
  /** Fields, as rules write them. */
  readonly fields: readonly string[];
  /** Types of events that the rule names. */
  readonly eventTypes: readonly string[];
  /** None of its events is delivered. */
  readonly isBlind: boolean;
}

/** Compares what the condition of a rule asks for with what the sources provide. */
export function lacksOf(
  fields: readonly FieldReference[],
  eventTypes: ReadonlySet<string> | undefined,
  provision: Provision,
): Lacks {
  const missingTypes = [...(eventTypes ?? [])].filter((type) => !provision.eventTypes.has(type));
  return {
    fields: [...new Set(fields.filter((field) => !isProvided(field, provision)).map(nameOf))],
    eventTypes: missingTypes,
    isBlind: eventTypes !== undefined && missingTypes.length === eventTypes.size,
  };
}

function isProvided({ info, argument }: FieldReference, provision: Provision): boolean {
  if (!provision.fields.has(info.name)) return false;
  if (info.name !== 'evt.arg' || argument === undefined || /^\d+$/.test(argument)) return true;
  return provision.eventArguments.has(argument);
}

function nameOf({ info, argument }: FieldReference): string {
  if (argument === undefined) return info.name;
  return info.name === 'evt.arg' || info.name === 'evt.rawarg' ? `${info.name}.${argument}` : info.name;
}
