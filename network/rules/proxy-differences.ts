import { compareRules, type RuleDifference } from './compare-rules.ts';
import { expectedRules } from './expected-rules.ts';
import type { RuleTable } from './save-format.ts';
import { expectedNftRules } from './nft/expected.ts';
import type { ServicePort } from './service-ports.ts';

/** A node's live rules, of one address family. */
export interface NodeRules {
  readonly name: string;
  readonly tables: readonly RuleTable[];
  /** Its own address in the family. */
  readonly address: string;
}

/** How kube-proxy is set up, as far as its rules depend on it. */
export interface ProxySetup {
  readonly mode: string;
  readonly clusterCidrs: readonly string[];
}

/** Whether its rules can be read and compared. */
export function isKnownMode(mode: string): boolean {
  return mode in EXPECTED;
}

const EXPECTED = { iptables: expectedRules, nftables: expectedNftRules } as const;

/** What differs between a node's rules and those that kube-proxy, set up like that, should have written for the ports. */
export function proxyDifferences(
  node: NodeRules,
  ports: readonly ServicePort[],
  { mode, clusterCidrs }: ProxySetup,
  family: 'ipv4' | 'ipv6',
): readonly RuleDifference[] {
  const ofFamily = clusterCidrs.filter((cidr) => cidr.includes(':') === (family === 'ipv6'));
  const expected = mode === 'nftables' ? EXPECTED.nftables : EXPECTED.iptables;
  const facts = { node: node.name, family, clusterCidrs: ofFamily, nodeAddresses: [node.address] };
  return compareRules(node.tables, expected(ports, facts));
}
