import { compareRules, type RuleDifference } from './compare-rules.ts';
import { expectedRules } from './expected-rules.ts';
import type { RuleTable } from './save-format.ts';
import type { ServicePort } from './service-ports.ts';

/** A node's live rules, of one address family. */
export interface NodeRules {
  readonly name: string;
  readonly tables: readonly RuleTable[];
}

/** What differs between a node's rules and those that kube-proxy, with pods in these networks, should have written for the ports. */
export function proxyDifferences(
  node: NodeRules,
  ports: readonly ServicePort[],
  clusterCidrs: readonly string[],
  family: 'ipv4' | 'ipv6',
): readonly RuleDifference[] {
  const ofFamily = clusterCidrs.filter((cidr) => cidr.includes(':') === (family === 'ipv6'));
  return compareRules(node.tables, expectedRules(ports, { node: node.name, family, clusterCidrs: ofFamily }));
}
