import type { Chain, RuleTable } from '../save-format.ts';
import { isFilterChain } from './chains.ts';
import { conditionOf, verdictOf, type Alternative } from './expressions.ts';
import type { NftChain, NftRule, NftRuleset } from './ruleset.ts';

/**
 * kube-proxy's nftables rules as iptables-save would print them, so that one walk and one comparison know both: a look-up in a map becomes
 * one rule for each of its elements, and a choice by number one rule for each endpoint with its probability. What has no such form
 * becomes a condition that nothing knows, which a walk names and a comparison finds.
 */
export function tablesFrom(ruleset: NftRuleset): readonly RuleTable[] {
  return ['nat', 'filter'].map((name) => ({
    name,
    chains: ruleset.chains
      .filter((chain) => tableOf(chain) === name)
      .map((chain) => ({
        name: chain.hook === undefined ? chain.name : chain.hook.toUpperCase(),
        policy: chain.hook === undefined ? undefined : 'ACCEPT',
        rules: chain.rules.flatMap((rule) => textsOf(rule, ruleset)),
      })),
    remarks: [],
  }));
}

/**
 * Both sets of rules of a node: a packet meets them at the same hooks. kube-proxy's own come first, since they accept nothing that others
 * would have to see.
 */
export function withProxyTables(own: readonly RuleTable[], proxy: readonly RuleTable[]): readonly RuleTable[] {
  const names = [...new Set([...own, ...proxy].map(({ name }) => name))];
  return names.map((name) => {
    const tables = [proxy, own].flatMap((all) => all.find((table) => table.name === name) ?? []);
    const chains = new Map<string, Chain>();
    for (const chain of tables.flatMap((table) => table.chains)) {
      const rules = [...(chains.get(chain.name)?.rules ?? []), ...chain.rules];
      // The later one is the node's own, whose policy may be another.
      chains.set(chain.name, { ...chain, rules });
    }
    return { name, chains: [...chains.values()], remarks: tables.flatMap(({ remarks }) => remarks) };
  });
}

/** Of base chains the hook tells; before the translation of addresses only filters are hooked in, which are left out. */
function tableOf({ name, hook, type }: NftChain): 'nat' | 'filter' | undefined {
  if (hook === undefined) return isFilterChain(name) ? 'filter' : 'nat';
  if (type === 'nat') return 'nat';
  return name.endsWith('-pre-dnat') ? undefined : 'filter';
}

function textsOf({ comment, expressions }: NftRule, ruleset: NftRuleset): readonly string[] {
  let texts: readonly Alternative[] = [{ conditions: [], verdict: '' }];
  for (const expression of expressions) {
    const next = alternativesOf(expression, ruleset);
    texts = texts.flatMap((before) =>
      next.map(({ conditions, verdict, comment: about }) => ({
        conditions: [...before.conditions, ...conditions],
        verdict,
        ...(about === undefined ? {} : { comment: about }),
      })),
    );
  }
  return texts.map((text) => {
    const about = text.comment ?? comment;
    const said = about === '' ? [] : [`-m comment --comment "${about}"`];
    return [...text.conditions, ...said, ...(text.verdict === '' ? [] : [text.verdict])].join(' ');
  });
}

function alternativesOf(expression: NftRule['expressions'][number], ruleset: NftRuleset): readonly Alternative[] {
  const verdict = verdictOf(expression);
  return verdict === undefined ? conditionOf(expression, ruleset) : [{ conditions: [], verdict }];
}
