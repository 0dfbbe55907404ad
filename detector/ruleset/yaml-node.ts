import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { LoadProblem, type Diagnostics } from './diagnostics.ts';
import { textOfScalar, type MappedText } from './mapped-text.ts';
import type { Located, SourceFile } from './source-file.ts';

/** A map of a rules file, read key by key. All methods throw LoadProblem for what does not have the wanted form. */
export interface ItemReader {
  readonly at: Located;
  has(key: string): boolean;
  /** Where the value of a key stands, or the key for an empty value. */
  placeOf(key: string): Located;
  /** Where the key itself stands. */
  placeOfKey(key: string): Located;
  keys(): readonly string[];
  /** A scalar that has to be there and not be empty. */
  text(key: string): MappedText;
  optionalText(key: string): MappedText | undefined;
  optionalFlag(key: string): boolean | undefined;
  optionalCount(key: string): number | undefined;
  /** A list of scalars. */
  texts(key: string): readonly MappedText[];
  node(key: string): Node | undefined;
}

/** Where nodes are looked up. */
export interface YamlContext {
  readonly file: SourceFile;
  readonly document: Document;
  readonly diagnostics: Diagnostics;
}

/** Wraps a map node. */
export function itemReader(context: YamlContext, map: YAMLMap): ItemReader {
  const at = locateNode(context, map);
  const pairs = new Map<string, Pair>();
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    if (!pairs.has(key)) pairs.set(key, pair);
  }
  const node = (key: string) => resolved(context, pairs.get(key)?.value);
  const placeOfKey = (key: string) => locateNode(context, (pairs.get(key)?.key as Node | undefined) ?? map);
  const placeOf = (key: string) => {
    const value = node(key);
    return value === undefined || isNull(value) ? placeOfKey(key) : locateNode(context, value);
  };
  const scalar = (key: string): Scalar => {
    const value = node(key);
    if (!pairs.has(key)) throw validation(`Item has no mapping for key '${key}'`, at);
    if (value === undefined || isNull(value)) throw validation(`Mapping for key '${key}' is empty`, at);
    if (!isScalar(value)) throw validation('Value is not a scalar value', placeOf(key));
    if (value.value === '') throw validation('Value must be non-empty', placeOf(key));
    return value;
  };
  return {
    at,
    has: (key) => pairs.has(key),
    placeOf,
    placeOfKey,
    keys: () => [...pairs.keys()],
    text: (key) => textOfScalar(context.file, scalar(key)),
    optionalText: (key) => (pairs.has(key) ? textOfScalar(context.file, scalar(key)) : undefined),
    optionalFlag: (key) => (pairs.has(key) ? parseFlag(context, scalar(key)) : undefined),
    optionalCount: (key) => (pairs.has(key) ? parseCount(String(scalar(key).value), placeOf(key)) : undefined),
    texts: (key) => scalarList(context, pairs.has(key), node(key), key, at),
    node,
  };
}

/** Readers of the maps of a sequence. */
export function readerList(context: YamlContext, sequence: Node, problem: string): readonly ItemReader[] {
  const entries = isSeq(sequence) ? sequence.items : [];
  return entries.map((entry) => {
    const item = resolved(context, entry);
    if (!isMap(item)) throw validation(problem, locateNode(context, item ?? sequence));
    return itemReader(context, item);
  });
}

/** The node that an alias stands for; undefined for none. */
export function resolved(context: YamlContext, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(context.document);
  return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
}

export function locateNode({ file }: YamlContext, node: Node): Located {
  return { file, offset: node.range?.[0] ?? 0 };
}

/** True for a value that was left out or written as null. */
export function isNull(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN' && /^(?:~|null|Null|NULL)?$/.test(String(node.value));
}

export function validation(message: string, at: Located): LoadProblem {
  return new LoadProblem('LOAD_ERR_YAML_VALIDATE', message, at);
}

function scalarList(
  context: YamlContext,
  isGiven: boolean,
  node: Node | undefined,
  key: string,
  at: Located,
): readonly MappedText[] {
  if (!isGiven) throw validation(`Item has no mapping for key '${key}'`, at);
  if (!isSeq(node)) throw validation('Value is not a sequence', node === undefined ? at : locateNode(context, node));
  return node.items.map((entry) => {
    const item = resolved(context, entry);
    if (!isScalar(item)) throw validation('sequence value is not scalar', locateNode(context, item ?? node));
    return textOfScalar(context.file, item);
  });
}

function parseFlag(context: YamlContext, scalar: Scalar): boolean {
  const text = String(scalar.value);
  if (scalar.type !== 'PLAIN') context.diagnostics.schemaProblem();
  if (/^(?:y|yes|true|on)$/i.test(text)) return true;
  if (/^(?:n|no|false|off)$/i.test(text)) return false;
  throw validation("Can't decode YAML scalar value", locateNode(context, scalar));
}

function parseCount(text: string, at: Located): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw validation("Can't decode YAML scalar value", at);
}
