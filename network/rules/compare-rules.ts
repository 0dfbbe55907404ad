import type { ExpectedRule } from './expected-rules.ts';
import { isNftChain } from './nft/chains.ts';
import { isProxyChain } from './proxy-chains.ts';
import { parseRule, type Rule } from './rule.ts';
import type { RuleTable } from './save-format.ts';

/** A difference between the rules of a node and those that kube-proxy should have written. */
export interface RuleDifference {
  readonly kind: 'missing' | 'foreign' | 'uneven';
  readonly table: string;
  readonly chain: string;
  /** As iptables-save prints it, without the chain. */
  readonly rule: string;
  /** For people: what is missing, too much, or chosen too often. */
  readonly says: string;
}

/**
 * Compares the chains that kube-proxy keeps. Elsewhere only its own jumps are asked for: others write there too. Order counts only
 * where it changes the shares of endpoints. A rule twice counts as one too many.
 */
export function compareRules(
  tables: readonly RuleTable[],
  expected: readonly ExpectedRule[],
): readonly RuleDifference[] {
  const found = ['nat', 'filter'].flatMap((table) => rulesIn(tables, table));
  const left = [...found];
  const missing: RuleDifference[] = [];
  const uneven: RuleDifference[] = [];
  for (const wanted of expected) {
    const at = left.findIndex((one) => isSame(one, wanted));
    const [hit] = at === -1 ? [] : left.splice(at, 1);
    if (hit === undefined) missing.push(missingRule(wanted));
    else if (wanted.share !== undefined && Math.abs(hit.share - wanted.share) > SHARE_ERROR) {
      uneven.push({ ...missingRule(wanted), kind: 'uneven', says: unevenText(hit.share, wanted) });
    }
  }
  return [...missing, ...uneven, ...left.filter(isKept).map(foreignRule)];
}

const ENDPOINT_CHAIN = /^(KUBE-SEP|endpoint)-/;

/** iptables keeps probabilities as 31-bit fractions. */
const SHARE_ERROR = 1e-4;

interface FoundRule {
  readonly table: string;
  readonly chain: string;
  readonly rule: Rule;
  /** What identifies it: everything that it asks for but probability and counters, and what it does. */
  readonly key: string;
  /** Share of the packets at its chain, when only probabilities are asked. */
  readonly share: number;
}

function rulesIn(tables: readonly RuleTable[], name: string): readonly FoundRule[] {
  const chains = tables.find((table) => table.name === name)?.chains ?? [];
  return chains.flatMap(({ name: chain, rules }) => {
    let left = 1;
    return rules.map((text): FoundRule => {
      const rule = parseRule(text);
      const isBalancing = rule.target?.kind === 'chain' && ENDPOINT_CHAIN.test(rule.target.name);
      const share = isBalancing ? left * probabilityOf(rule) : 0;
      left -= share;
      return { table: name, chain, rule, key: keyOf(rule), share };
    });
  });
}

function probabilityOf({ matches }: Rule): number {
  // What affinity remembers comes before the dice.
  if (matches.some(({ kind }) => kind === 'seen-lately')) return 0;
  return matches.reduce((share, match) => (match.kind === 'probability' ? share * match.share : share), 1);
}

function keyOf({ matches, target }: Rule): string {
  const asked = matches.filter(({ kind }) => kind !== 'probability').map((match) => JSON.stringify(match));
  return JSON.stringify([asked.sort(), target]);
}

function isSame(found: FoundRule, wanted: ExpectedRule): boolean {
  return found.table === wanted.table && found.chain === wanted.chain && found.key === keyOf(parseRule(wanted.rule));
}

/** Chains that kube-proxy alone writes; canaries and what it makes for counting are of no consequence. */
function isKept({ chain, rule }: FoundRule): boolean {
  if (!isProxyChain(chain) && !isNftChain(chain)) return false;
  const isCounting = rule.text.includes('localhost_nps_accepted_pkts');
  const isAffinity = rule.matches.some(({ kind }) => kind === 'seen-lately');
  // Of addresses that no Service has; the network of the Services is not in kube-proxy's own configuration.
  const isUnallocated = chain === 'cluster-ips-check' && rule.target?.kind === 'drop';
  return !isCounting && !isAffinity && !isUnallocated;
}

function missingRule({ table, chain, rule, says }: ExpectedRule): RuleDifference {
  return { kind: 'missing', table, chain, rule, says: `missing: ${says}` };
}

function unevenText(share: number, { says, share: wanted = 0 }: ExpectedRule): string {
  return `${says} is taken by ${percent(share)} of the calls instead of ${percent(wanted)}`;
}

function foreignRule({ table, chain, rule }: FoundRule): RuleDifference {
  const about = rule.comment === '' ? rule.text : rule.comment;
  const says =
    rule.target?.kind === 'dnat' ? `too much: ${about} is still led to ${rule.target.to}` : `too much: ${about}`;
  return { kind: 'foreign', table, chain, rule: rule.text, says };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
