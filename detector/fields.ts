import { API_VERSION, nearest, usageError } from '../core/index.ts';
import { PROVIDED } from './enrich/provided.ts';
import { listFields, type ListedField } from './event/field-list.ts';
import { createFieldTable } from './event/field-table.ts';
import type { EventSource } from './event/types.ts';
import { compileGlob, hasWildcard } from './filter/glob.ts';

export interface FieldQuery {
  /** A glob, or a part of the name, or a field as a condition has it: `proc.aname[2]`. Without it, all fields. */
  readonly pattern?: string;
  readonly source?: EventSource;
}

/** What `detector fields --json` prints. */
export interface FieldList {
  readonly apiVersion: string;
  readonly fields: readonly ListedField[];
}

/** Finds fields of the rules language. Fails with KubedrillError for a pattern that fits none, naming the nearest. */
export function findFields({ pattern, source }: FieldQuery = {}): FieldList {
  const candidates = listFields(PROVIDED).filter(({ sources }) => source === undefined || sources.includes(source));
  const fields = pattern === undefined ? candidates : candidates.filter(matcher(pattern, candidates));
  if (fields.length === 0) throw unknownField(pattern ?? '', candidates, source);
  return { apiVersion: API_VERSION, fields };
}

const TABLE = createFieldTable();

function matcher(pattern: string, candidates: readonly ListedField[]): (field: ListedField) => boolean {
  const fits = hasWildcard(pattern) ? compileGlob(pattern) : (name: string) => name.includes(pattern);
  if (candidates.some(({ name }) => fits(name))) return ({ name }) => fits(name);
  const [, written = pattern, argument] = /^([^[]+)\[(.*)\]$/.exec(pattern) ?? [];
  const lookup = TABLE.resolve(written, argument);
  return ({ name }) => lookup.ok && lookup.field.info.name === name;
}

function unknownField(pattern: string, candidates: readonly ListedField[], source: EventSource | undefined): Error {
  const near = nearest(
    pattern,
    candidates.map(({ name }) => name),
  );
  return usageError({
    what: `no field${source === undefined ? '' : ` of ${source} events`} is called like ${pattern}`,
    why: near.length === 0 ? 'no name is near it either' : `the nearest: ${near.join(', ')}`,
    hint: `kubedrill detector fields ${near[0] ?? ''}`.trimEnd(),
  });
}
