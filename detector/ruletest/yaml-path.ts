import { isAlias, isMap, isNode, isScalar, isSeq, visit, type Alias, type Document, type Node, type Pair } from 'yaml';

/** The way from the top of a document to a value: keys of maps, positions in lists from 0. */
export type Path = readonly (string | number)[];

/** Where the value at a path begins; of one that is not there, where begins what it is missing in. */
export function offsetOfValue(document: Document, path: Path): number {
  let node: Node | undefined = document.contents ?? undefined;
  for (const step of path) {
    const next = below(document, node, step);
    if (next === undefined) break;
    node = next;
  }
  return node?.range?.[0] ?? 0;
}

/** Where the last key of a path stands. */
export function offsetOfKey(document: Document, path: Path): number {
  let node: Node | undefined = document.contents ?? undefined;
  for (const step of path.slice(0, -1)) node = below(document, node, step);
  const key = pairOf(resolved(document, node), path.at(-1))?.key;
  return isNode(key) ? (key.range?.[0] ?? 0) : offsetOfValue(document, path);
}

/** The first alias that stands for nothing. */
export function unresolvedAlias(document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

function below(document: Document, node: Node | undefined, step: string | number): Node | undefined {
  const parent = resolved(document, node);
  const child = isSeq(parent) ? parent.items[Number(step)] : pairOf(parent, step)?.value;
  return isNode(child) ? child : undefined;
}

function pairOf(node: Node | undefined, key: unknown): Pair | undefined {
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function resolved(document: Document, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}
