import { canonicalTable } from '../rules/canonical.ts';
import { isKubeProxyLine, ownerOf } from '../rules/owners.ts';
import type { RuleTable } from '../../../network/index.ts';
import type { Surroundings } from '../surroundings.ts';
import type { NodeSnapshot } from '../types.ts';
import type { ClusterNow } from './cluster-now.ts';

export interface SavedRules {
  readonly family: 'ip' | 'ip6';
  readonly tables: readonly RuleTable[];
}

/**
 * Whether kube-proxy's rules of the save are still what kube-proxy would write: the same Services, and every endpoint still
 * held by a pod of the same lineage. They can then be put back as they were, which is quicker than to make it write them.
 */
export function areStillTrue(
  saved: readonly SavedRules[],
  picture: NodeSnapshot,
  surroundings: Surroundings,
  clusterIps: ClusterNow['clusterIps'],
): boolean {
  const isSame = saved.every(({ family, tables }) =>
    tables.every((table) => {
      const lines = canonicalTable(table, surroundings, (chain) => ownerOf(chain) === 'kube-proxy');
      const then = (picture.tables[`${family} ${table.name}`] ?? []).filter(isKubeProxyLine);
      return lines.join('\n') === then.join('\n');
    }),
  );
  return isSame && isSameSet(servedIps(saved), clusterIps);
}

/** Cluster addresses that the rules know, also of Services that have no endpoint and are refused. */
function servedIps(saved: readonly SavedRules[]): ReadonlySet<string> {
  const chains = saved.flatMap(({ tables }) => tables.flatMap((table) => table.chains));
  const rules = chains.filter(({ name }) => name === 'KUBE-SERVICES').flatMap((chain) => chain.rules);
  return new Set(rules.flatMap((rule) => /^-d ([^ /]+)\/(?:32|128) /.exec(rule)?.[1] ?? []));
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((value) => b.has(value));
}
