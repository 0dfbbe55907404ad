import type { PathPattern } from './path-pattern.ts';

/** A pattern, and the groups (bits) that it belongs to. */
export interface GroupedPattern {
  readonly pattern: PathPattern;
  readonly groups: bigint;
}

/**
 * Finds all patterns in a path in one walk, as Aho and Corasick do: a state for every beginning of a pattern, and one
 * table that tells the next state for each. The beginning and the end of a path are symbols like its bytes, so patterns
 * that hang on them are nothing special.
 */
export interface Automaton {
  /** Column of each byte; byte 0 is the end of the path. */
  readonly columns: Uint8Array;
  readonly width: number;
  readonly states: number;
  /** States from this one on have no row: they stand behind the end of a path. */
  readonly rows: number;
  readonly start: number;
  /** The groups that are found with a state. */
  readonly found: BigUint64Array;
  /** The next state, by state and column. */
  readonly next: Uint16Array;
}

/** Bounds of sensor/protocol.h. */
const MAX_CELLS = 128 * 1024;
const MAX_STATES = 8192;

/** Undefined when it would be larger than the sensor takes. */
export function automatonOf(patterns: readonly GroupedPattern[]): Automaton | undefined {
  const root = trieOf(patterns);
  const nodes = linked(root);
  const bytes = [...new Set(nodes.map(({ symbol }) => symbol))].filter((symbol) => symbol > END && symbol < START);
  const width = bytes.length + 2;
  const inner = nodes.filter(({ symbol }) => symbol !== END);
  const ends = nodes.filter(({ symbol }) => symbol === END);
  if (inner.length * width > MAX_CELLS || nodes.length > MAX_STATES) return undefined;
  const states = [...inner, ...ends];
  for (const [state, node] of states.entries()) node.state = state;
  return {
    columns: columnsOf(bytes),
    width,
    states: states.length,
    rows: inner.length,
    start: (root.children.get(START) ?? root).state,
    found: BigUint64Array.from(states, ({ groups }) => groups),
    next: tableOf(root, inner, bytes, width),
  };
}

const END = 0;
const START = 256;

interface Node {
  readonly symbol: number;
  readonly children: Map<number, Node>;
  groups: bigint;
  /** The longest end of what led here that begins a pattern, too. */
  fallback: Node | undefined;
  state: number;
}

function newNode(symbol: number): Node {
  return { symbol, children: new Map(), groups: 0n, fallback: undefined, state: 0 };
}

function trieOf(patterns: readonly GroupedPattern[]): Node {
  const root = newNode(-1);
  for (const { pattern, groups } of patterns) {
    let node = root;
    for (const symbol of symbolsOf(pattern)) {
      const child = node.children.get(symbol) ?? newNode(symbol);
      node.children.set(symbol, child);
      node = child;
    }
    node.groups |= groups;
  }
  return root;
}

function symbolsOf({ text, atStart, atEnd }: PathPattern): readonly number[] {
  return [...(atStart ? [START] : []), ...Buffer.from(text, 'latin1'), ...(atEnd ? [END] : [])];
}

/** All nodes, the shorter beginnings first, each with its fallback and with what that finds. */
function linked(root: Node): readonly Node[] {
  const nodes = [root];
  for (const node of nodes) {
    for (const [symbol, child] of node.children) {
      child.fallback = node === root ? root : after(node.fallback ?? root, symbol);
      child.groups |= child.fallback.groups;
      nodes.push(child);
    }
  }
  return nodes;
}

function after(from: Node, symbol: number): Node {
  for (let node = from; ; node = node.fallback) {
    const next = node.children.get(symbol);
    if (next !== undefined) return next;
    if (node.fallback === undefined) return node;
  }
}

/** All bytes that no pattern names share column 1. */
function columnsOf(bytes: readonly number[]): Uint8Array {
  const columns = new Uint8Array(256).fill(1);
  columns[END] = 0;
  for (const [n, byte] of bytes.entries()) columns[byte] = 2 + n;
  return columns;
}

/** A row is that of the fallback, but for the symbols by which the node itself goes on. */
function tableOf(root: Node, inner: readonly Node[], bytes: readonly number[], width: number): Uint16Array {
  const symbols = [END, undefined, ...bytes];
  const next = new Uint16Array(inner.length * width);
  for (const { children, fallback, state } of inner) {
    symbols.forEach((symbol, column) => {
      const child = symbol === undefined ? undefined : children.get(symbol);
      const otherwise = fallback === undefined ? root.state : (next[fallback.state * width + column] ?? root.state);
      next[state * width + column] = child?.state ?? otherwise;
    });
  }
  return next;
}
