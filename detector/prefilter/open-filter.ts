import { specialise } from '../filter/specialise.ts';
import type { CompiledRule } from '../ruleset/types.ts';
import { automatonOf, type Automaton, type GroupedPattern } from './automaton.ts';
import { OPEN_KINDS, type KindSet } from './open-kind.ts';
import { wishesOf, type OpenWish } from './open-wishes.ts';
import { NOT_PLAIN, type PathPattern } from './path-pattern.ts';

/**
 * Which opens any rule could match: what the kernel asks before it makes a record of one. It passes when a group that its
 * kind wants is found in its path, or one that its kind does not want is not found.
 */
export interface OpenFilter {
  /** By kind, the groups of which one has to be found; ANY_PATH needs no look at the path. */
  readonly wanted: BigUint64Array;
  /** By kind, the groups of which one has to be missing. */
  readonly unwanted: BigUint64Array;
  /** Groups that count only when they are found behind the last slash, or with it. */
  readonly inLastComponent: bigint;
  readonly automaton: Automaton;
}

export const ANY_PATH = 1n << 63n;
const NOT_PLAIN_GROUP = 1n;
const MAX_UNLIKE = 8;
/** Bits but ANY_PATH, NOT_PLAIN_GROUP and those for paths that are unlike others. */
const MAX_LIKE = 62 - MAX_UNLIKE;

/** Calls that open files; other ways to a descriptor are events of their own. */
export const OPEN_TYPES: readonly string[] = ['open', 'openat', 'openat2', 'creat'];

/** What is looked at of a rule. */
type OpenRule = Pick<CompiledRule, 'enabled' | 'source' | 'condition' | 'eventTypes'>;

/** Derived from the rules that are enabled. Undefined when it would be too large: then all opens have to pass. */
export function openFilterFor(rules: readonly OpenRule[]): OpenFilter | undefined {
  return filterOf(rules.filter(({ enabled, source }) => enabled && source === 'syscall').flatMap(wishesOfRule));
}

function wishesOfRule({ condition, eventTypes }: OpenRule): readonly OpenWish[] {
  return OPEN_TYPES.filter((type) => eventTypes?.has(type) !== false).flatMap((type) => {
    const left = specialise(condition, type);
    return left === false ? [] : wishesOf(left);
  });
}

function filterOf(wishes: readonly OpenWish[]): OpenFilter | undefined {
  const { likes, unlikes, anyPath } = sorted(wishes);
  const groups = grouped(likes);
  const patterns: GroupedPattern[] = NOT_PLAIN.map((pattern) => ({ pattern, groups: NOT_PLAIN_GROUP }));
  const wanted = new BigUint64Array(OPEN_KINDS);
  const unwanted = new BigUint64Array(OPEN_KINDS);
  let inLastComponent = 0n;
  let bit = NOT_PLAIN_GROUP;
  for (const group of groups) {
    bit <<= 1n;
    if (group.inLastComponent) inLastComponent |= bit;
    patterns.push(...group.patterns.map((pattern) => ({ pattern, groups: bit })));
    mark(wanted, group.kinds, bit | NOT_PLAIN_GROUP);
  }
  for (const group of unlikes) {
    bit <<= 1n;
    patterns.push(...group.patterns.map((pattern) => ({ pattern, groups: bit })));
    mark(wanted, group.kinds, NOT_PLAIN_GROUP);
    mark(unwanted, group.kinds, bit);
  }
  mark(wanted, anyPath, ANY_PATH);
  const automaton = automatonOf(patterns);
  return automaton && { wanted, unwanted, inLastComponent, automaton };
}

function mark(masks: BigUint64Array, kinds: KindSet, groups: bigint): void {
  for (let kind = 0; kind < OPEN_KINDS; kind++) {
    if ((kinds >> BigInt(kind)) & 1n) masks[kind] = (masks[kind] ?? 0n) | groups;
  }
}

interface Like {
  readonly pattern: PathPattern;
  readonly kinds: KindSet;
}

interface Unlike {
  readonly patterns: readonly PathPattern[];
  readonly kinds: KindSet;
}

/** Each pattern once, and none for kinds of which all paths are wanted. */
function sorted(wishes: readonly OpenWish[]): {
  readonly likes: readonly Like[];
  readonly unlikes: readonly Unlike[];
  readonly anyPath: KindSet;
} {
  const likes = new Map<string, Like>();
  const unlikes = new Map<string, Unlike>();
  let anyPath = 0n;
  for (const { kinds, paths } of wishes) {
    const key = JSON.stringify(paths);
    if (paths.kind === 'any') anyPath |= kinds;
    else if (paths.kind === 'like') {
      likes.set(key, { pattern: paths.pattern, kinds: kinds | (likes.get(key)?.kinds ?? 0n) });
    } else if (unlikes.size < MAX_UNLIKE || unlikes.has(key)) {
      unlikes.set(key, { patterns: paths.patterns, kinds: kinds | (unlikes.get(key)?.kinds ?? 0n) });
    } else anyPath |= kinds;
  }
  const without = <T extends { readonly kinds: KindSet }>(all: Iterable<T>): readonly T[] =>
    [...all].map((one) => ({ ...one, kinds: one.kinds & ~anyPath })).filter(({ kinds }) => kinds !== 0n);
  return { likes: without(likes.values()), unlikes: without(unlikes.values()), anyPath };
}

interface Group {
  readonly patterns: readonly PathPattern[];
  readonly kinds: KindSet;
  readonly inLastComponent: boolean;
}

/** Patterns that the same kinds want. Where these are more than there are bits, kinds also want what others do. */
function grouped(likes: readonly Like[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { pattern, kinds } of likes) {
    const { inLastComponent } = pattern;
    const key = `${String(inLastComponent)} ${String(kinds)}`;
    groups.set(key, { patterns: [...(groups.get(key)?.patterns ?? []), pattern], kinds, inLastComponent });
  }
  const [last, others] = [true, false].map((inLastComponent) =>
    merged(
      [...groups.values()].filter((group) => group.inLastComponent === inLastComponent),
      MAX_LIKE / 2,
    ),
  );
  return [...(last ?? []), ...(others ?? [])];
}

function merged(groups: readonly Group[], limit: number): readonly Group[] {
  if (groups.length <= limit) return groups;
  const [first, ...rest] = groups.slice(limit - 1);
  if (first === undefined) return groups;
  const one = rest.reduce(
    (sum, group) => ({ ...sum, kinds: sum.kinds | group.kinds, patterns: [...sum.patterns, ...group.patterns] }),
    first,
  );
  return [...groups.slice(0, limit - 1), one];
}
