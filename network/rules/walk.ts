import { holds, type Packet } from './packet.ts';
import { parseRule, type Rule } from './rule.ts';
import type { RuleTable } from './save-format.ts';

/** A rule that a packet met and that applied to it. */
export interface WalkStep {
  readonly chain: string;
  /** From 1, as `iptables -L --line-numbers` counts. */
  readonly line: number;
  readonly rule: Rule;
  /** Share of the packets at this rule that it takes; 1 but for load balancing. */
  readonly share: number;
}

/** What becomes of the packets that go one way. */
export interface Course {
  /** Share of the packets that take it, 0 to 1. */
  readonly share: number;
  readonly steps: readonly WalkStep[];
  readonly end: CourseEnd;
  /** The packet's mark at the end. */
  readonly mark: number;
}

export type CourseEnd =
  | { readonly kind: 'dnat'; readonly to: string }
  | { readonly kind: 'reject'; readonly with: string }
  | { readonly kind: 'masquerade' | 'drop' | 'accept' }
  /** The packet came to the end of the chain. */
  | { readonly kind: 'through' }
  /** The chain is not there, or a rule cannot be judged: `why` says which. */
  | { readonly kind: 'unknown'; readonly why: string };

/** More calls than any ruleset makes: chains that call each other are refused by the kernel. */
const DEEPEST = 32;
/** Ways that fewer packets take are not followed: a chain with thousands of endpoints stays readable. */
const LEAST_SHARE = 1e-9;

/** Follows packets from the beginning of a built-in chain of one table, by every way that load balancing may choose. */
export function walk(
  table: RuleTable | undefined,
  chain: string,
  packet: Packet,
  localAddresses: readonly string[],
): readonly Course[] {
  const chains = new Map(table?.chains.map(({ name, rules }) => [name, rules]));
  return follow({ chains, localAddresses }, { chain, line: 0, calls: [] }, { packet, share: 1, steps: [] });
}

interface Ruleset {
  /** Rules as saved; they are taken apart when a packet comes to them. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  readonly localAddresses: readonly string[];
}

/** Where a packet is: the next rule, and where to go on after the end of the chain. */
interface Place {
  readonly chain: string;
  /** From 0. */
  readonly line: number;
  readonly calls: readonly { readonly chain: string; readonly line: number }[];
}

interface Traveller {
  readonly packet: Packet;
  readonly share: number;
  readonly steps: readonly WalkStep[];
}

function follow(ruleset: Ruleset, start: Place, traveller: Traveller): readonly Course[] {
  const rules = ruleset.chains.get(start.chain);
  if (rules === undefined) return [ended(traveller, { kind: 'unknown', why: `there is no chain ${start.chain}` })];
  const courses: Course[] = [];
  let left = traveller.share;
  for (let line = start.line; line < rules.length && left > LEAST_SHARE; line++) {
    const place: Place = { ...start, line };
    const rule = parseRule(rules[line] ?? '');
    const share = shareTaken(rule, traveller.packet, ruleset.localAddresses);
    if (share === 'unknown') {
      const why = `rule ${String(line + 1)} of ${start.chain} asks for more than is known: ${rule.text}`;
      return [...courses, ended({ ...traveller, share: left }, { kind: 'unknown', why })];
    }
    if (share === 0) continue;
    courses.push(...apply(ruleset, place, rule, { ...traveller, share: share * left }, share));
    left -= share * left;
    // What a mark or a return changes goes on in `apply`.
  }
  return left > LEAST_SHARE ? [...courses, ...back(ruleset, start, { ...traveller, share: left })] : courses;
}

/** The share of such packets for which all matches hold. */
function shareTaken(rule: Rule, packet: Packet, localAddresses: readonly string[]): number | 'unknown' {
  let share = 1;
  let isUnknown = false;
  for (const match of rule.matches) {
    if (match.kind === 'probability') {
      share *= match.share;
      continue;
    }
    const does = holds(match, packet, localAddresses);
    if (does === 'no') return 0;
    isUnknown ||= does === 'unknown';
  }
  return isUnknown ? 'unknown' : share;
}

function apply(ruleset: Ruleset, place: Place, rule: Rule, traveller: Traveller, share: number): readonly Course[] {
  const step: WalkStep = { chain: place.chain, line: place.line + 1, rule, share };
  const here: Traveller = { ...traveller, steps: [...traveller.steps, step] };
  const next: Place = { ...place, line: place.line + 1 };
  const { target } = rule;
  switch (target?.kind) {
    case undefined:
      // It only counts.
      return follow(ruleset, next, traveller);
    case 'chain': {
      if (place.calls.length >= DEEPEST) return [ended(here, { kind: 'unknown', why: 'chains call each other' })];
      const calls = target.way === 'jump' ? [...place.calls, { chain: place.chain, line: next.line }] : place.calls;
      return follow(ruleset, { chain: target.name, line: 0, calls }, here);
    }
    case 'return':
      return back(ruleset, place, here);
    case 'mark': {
      const mark = ((here.packet.mark & ~target.clear) ^ target.set) >>> 0;
      return follow(ruleset, next, { ...here, packet: { ...here.packet, mark } });
    }
    case 'dnat':
      return [ended(here, { kind: 'dnat', to: target.to })];
    case 'reject':
      return [ended(here, { kind: 'reject', with: target.with })];
    case 'accept':
    case 'drop':
    case 'masquerade':
      return [ended(here, { kind: target.kind })];
    case 'unknown':
      return [ended(here, { kind: 'unknown', why: `what ${target.name} does is not known` })];
  }
}

/** To the rule after the last jump; at the end of a built-in chain the packet is through. */
function back(ruleset: Ruleset, { calls }: Place, traveller: Traveller): readonly Course[] {
  const caller = calls.at(-1);
  if (caller === undefined) return [ended(traveller, { kind: 'through' })];
  return follow(ruleset, { ...caller, calls: calls.slice(0, -1) }, traveller);
}

function ended({ share, steps, packet }: Traveller, end: CourseEnd): Course {
  return { share, steps, end, mark: packet.mark };
}
