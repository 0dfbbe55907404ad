import { holds, type Explained } from './types.ts';

/** How much of a condition holds for an event. */
export interface Nearness {
  readonly holding: number;
  readonly of: number;
}

/**
 * How many of the conditions that a rule joins by `and` hold: those of its outermost conjunction, with the
 * conjunctions and macros within it taken apart. What stands in an `or` or a `not` counts as one.
 */
export function nearnessOf(condition: Explained): Nearness {
  const joined = conjuncts(condition);
  return { holding: joined.filter(({ verdict }) => holds(verdict) === true).length, of: joined.length };
}

function conjuncts(node: Explained): readonly Explained[] {
  if (node.kind === 'and') return node.operands.flatMap(conjuncts);
  if (node.kind === 'macro') return conjuncts(node.body);
  return [node];
}
