import type { Comparison, Expression } from '../filter/ast.ts';
import { ALL_KINDS, countKinds, kindsWhere, type KindSet } from './open-kind.ts';
import { pathPatternsOf, type PathPattern } from './path-pattern.ts';

/** Opens that a rule may match: of some kinds, with a path like a pattern, unlike all of several, or with any path. */
export interface OpenWish {
  readonly kinds: KindSet;
  readonly paths: Paths;
}

export type Paths =
  | { readonly kind: 'any' }
  | { readonly kind: 'like'; readonly pattern: PathPattern }
  | { readonly kind: 'unlike'; readonly patterns: readonly PathPattern[] };

/**
 * The opens for which a condition can be true: those that fulfil any of the wishes. They may be more than it is true for,
 * never fewer. Of parts joined by `and`, the kinds are intersected, and of the paths only the part that tells most of them
 * apart is kept: so wishes do not multiply.
 */
export function wishesOf(condition: Expression | true): readonly OpenWish[] {
  return condition === true ? ANYTHING : wishesWhere(condition, true);
}

const ANY_PATH: Paths = { kind: 'any' };
const ANYTHING: readonly OpenWish[] = [{ kinds: ALL_KINDS, paths: ANY_PATH }];

/** Negations go down to the leaves. */
function wishesWhere(expression: Expression, wanted: boolean): readonly OpenWish[] {
  switch (expression.kind) {
    case 'not':
      return wishesWhere(expression.operand, !wanted);
    case 'macro':
      return expression.body === undefined ? ANYTHING : wishesWhere(expression.body, wanted);
    case 'exists':
      return ANYTHING;
    case 'compare':
      return wishesOfComparison(expression, wanted);
    case 'and':
    case 'or': {
      const parts = expression.operands.map((operand) => wishesWhere(operand, wanted));
      return (expression.kind === 'and') === wanted ? bestOf(parts) : simplified(parts.flat());
    }
  }
}

function wishesOfComparison(comparison: Comparison, wanted: boolean): readonly OpenWish[] {
  const found = pathPatternsOf(comparison);
  if (found === undefined) {
    const kinds = kindsWhere(comparison, wanted);
    return kinds === 0n ? [] : [{ kinds, paths: ANY_PATH }];
  }
  if (wanted) return found.patterns.map((pattern) => ({ kinds: ALL_KINDS, paths: { kind: 'like', pattern } }));
  // Leaving out a pattern only lets more pass.
  const patterns = found.isExact ? found.patterns.filter(({ inLastComponent }) => !inLastComponent) : [];
  return patterns.length === 0 ? ANYTHING : [{ kinds: ALL_KINDS, paths: { kind: 'unlike', patterns } }];
}

/** Kinds for which any path will do need no other wishes. */
function simplified(wishes: readonly OpenWish[]): readonly OpenWish[] {
  const anyPath = kindsIn(wishes.filter(({ paths }) => paths.kind === 'any'));
  const others = narrowed(
    wishes.filter(({ paths }) => paths.kind !== 'any'),
    ALL_KINDS & ~anyPath,
  );
  return anyPath === 0n ? others : [{ kinds: anyPath, paths: ANY_PATH }, ...others];
}

function bestOf(parts: readonly (readonly OpenWish[])[]): readonly OpenWish[] {
  const kinds = parts.reduce((set, part) => set & kindsIn(part), ALL_KINDS);
  if (kinds === 0n) return [];
  const narrow = parts.map((part) => narrowed(part, kinds));
  const unlike = narrow.flatMap(([wish, another]) =>
    wish?.paths.kind === 'unlike' && another === undefined ? wish.paths.patterns : [],
  );
  const unlikeAll: OpenWish = { kinds, paths: unlike.length === 0 ? ANY_PATH : { kind: 'unlike', patterns: unlike } };
  return [...narrow, [unlikeAll]].reduce((best, one) => (costOf(one) < costOf(best) ? one : best));
}

function kindsIn(wishes: readonly OpenWish[]): KindSet {
  return wishes.reduce((set, { kinds }) => set | kinds, 0n);
}

function narrowed(wishes: readonly OpenWish[], to: KindSet): readonly OpenWish[] {
  return wishes.map(({ kinds, paths }) => ({ kinds: kinds & to, paths })).filter(({ kinds }) => kinds !== 0n);
}

/** Roughly, the share of opens that is let pass. */
function costOf(wishes: readonly OpenWish[]): number {
  return wishes.reduce((sum, { kinds, paths }) => sum + countKinds(kinds) * shareOf(paths), 0);
}

function shareOf(paths: Paths): number {
  switch (paths.kind) {
    case 'any':
      return 1;
    case 'unlike':
      return 0.5 + 0.5 / (1 + paths.patterns.length);
    case 'like':
      return shareLike(paths.pattern);
  }
}

function shareLike({ text, atStart, atEnd }: PathPattern): number {
  // In a plain path, this can only stand behind a name that ends in two dots.
  if (text.includes('../')) return 2 ** -20;
  return 2 ** -text.length / (atStart || atEnd ? 2 : 1);
}
