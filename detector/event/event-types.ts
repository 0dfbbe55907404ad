import { EVENT_PARAMETERS, NOT_SYSTEM_CALLS, PLAIN_CALLS } from './event-catalogue.ts';
import { familyOf, type FieldType } from './field-types.ts';

export interface EventParameter {
  readonly name: string;
  readonly type: FieldType;
}

/** Every event type there is, with the parameters that `evt.arg` can name; empty for calls that carry none. */
export const EVENT_TYPES: ReadonlyMap<string, readonly EventParameter[]> = buildTable();

/** True for events that are system calls, as opposed to scheduler, plugin and internal events. */
export function isSystemCall(type: string): boolean {
  return !NOT_SYSTEM_CALLS.has(type) && EVENT_TYPES.has(type);
}

/** The type of a parameter in whichever event types have it; the widest decides. */
export function parameterType(name: string): FieldType | undefined {
  return PARAMETER_TYPES.get(name);
}

const PARAMETER_TYPES = widestTypes();

function buildTable(): ReadonlyMap<string, readonly EventParameter[]> {
  const table = new Map<string, readonly EventParameter[]>();
  for (const [type, text] of Object.entries(EVENT_PARAMETERS)) table.set(type, parseParameters(text));
  for (const type of PLAIN_CALLS.trim().split(/\s+/)) table.set(type, []);
  return table;
}

function parseParameters(text: string): readonly EventParameter[] {
  if (text === '') return [];
  return text.split(' ').map((parameter) => {
    const [name = '', type = ''] = parameter.split(':');
    return { name, type: type as FieldType };
  });
}

/** Of a parameter that is narrower in some events, the widest type, so that no constant is cut short. */
function widestTypes(): ReadonlyMap<string, FieldType> {
  const types = new Map<string, FieldType>();
  for (const parameters of EVENT_TYPES.values()) {
    for (const { name, type } of parameters) {
      const known = types.get(name);
      if (known === undefined || familyOf(type).bits > familyOf(known).bits) types.set(name, type);
    }
  }
  return types;
}
