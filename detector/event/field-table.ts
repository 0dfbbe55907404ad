import { parameterType } from './event-types.ts';
import type { FieldInfo } from './field-info.ts';
import type { FieldType } from './field-types.ts';
import { FIELDS } from './fields.ts';

/** A field as a condition or an output names it. */
export interface FieldReference {
  readonly info: FieldInfo;
  /** The argument, whether it stood in brackets or behind a dot. */
  readonly argument?: string;
  readonly type: FieldType;
  readonly isList: boolean;
}

export type FieldLookup =
  { readonly ok: true; readonly field: FieldReference } | { readonly ok: false; readonly message: string };

/** Finds fields by the names that rules use. */
export interface FieldTable {
  /** Resolves `proc.name`, or `proc.aname` with argument `2`, or `evt.arg.flags`. */
  resolve(name: string, argument?: string): FieldLookup;
  /** The longest field name that the text starts with, for output formats, where text may follow directly. */
  longestPrefix(text: string): FieldInfo | undefined;
}

/** A table over the given fields; by default over the whole language. */
export function createFieldTable(fields: readonly FieldInfo[] = FIELDS): FieldTable {
  const byName = new Map(fields.map((info) => [info.name, info]));
  const longestFirst = [...fields].sort((a, b) => b.name.length - a.name.length);
  return {
    resolve: (name, argument) => resolve(byName, name, argument),
    longestPrefix: (text) => longestFirst.find((info) => text.startsWith(info.name)),
  };
}

/** A field with its argument, as conditions and outputs write it: `proc.aname[2]`, `evt.arg.flags`. */
export function fieldName(name: string, argument: string | undefined): string {
  if (argument === undefined) return name;
  return /^(?:evt\.arg|evt\.rawarg)$/.test(name) && !/^\d+$/.test(argument)
    ? `${name}.${argument}`
    : `${name}[${argument}]`;
}

function resolve(byName: ReadonlyMap<string, FieldInfo>, name: string, argument: string | undefined): FieldLookup {
  const exact = byName.get(name);
  if (exact !== undefined) return reference(exact, argument);
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const info = byName.get(name.slice(0, dot));
    if (info === undefined) continue;
    if (info.argument === 'none' || argument !== undefined) break;
    return reference(info, name.slice(dot + 1));
  }
  return { ok: false, message: `filter_check called with nonexistent field ${name}` };
}

function reference(info: FieldInfo, argument: string | undefined): FieldLookup {
  const problem = argumentProblem(info, argument);
  if (problem !== undefined) return { ok: false, message: problem };
  const type = typeOf(info, argument);
  if (type === undefined) return { ok: false, message: `unknown event argument ${argument ?? ''}` };
  const field = { info, type, isList: info.isList };
  return { ok: true, field: argument === undefined ? field : { ...field, argument } };
}

function argumentProblem(info: FieldInfo, argument: string | undefined): string | undefined {
  if (argument === undefined) {
    return info.argument === 'required' ? `filter '${info.name}' requires an argument but none provided` : undefined;
  }
  if (info.argument === 'none') return `filter '${info.name}' does not take an argument`;
  const isIndex = /^\d+$/.test(argument);
  if (info.argumentKind === 'index' && !isIndex) {
    return `filter '${info.name}' needs a number as its argument, not '${argument}'`;
  }
  return undefined;
}

/** Arguments of events have the types of the events' parameters; `evt.arg` renders them all to text. */
function typeOf(info: FieldInfo, argument: string | undefined): FieldType | undefined {
  if (argument === undefined || (info.name !== 'evt.rawarg' && info.name !== 'evt.arg')) return info.type;
  const type = parameterType(argument);
  if (info.name === 'evt.rawarg') return type;
  return type !== undefined || /^\d+$/.test(argument) ? info.type : undefined;
}
