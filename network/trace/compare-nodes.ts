import type { RuleDifference } from '../rules/compare-rules.ts';
import { isKnownMode, proxyDifferences } from '../rules/proxy-differences.ts';
import { servicePorts } from '../rules/service-ports.ts';
import type { ProbedLab } from '../types.ts';
import { readTracedCluster, readTracedNode } from './facts.ts';

/** What differs on one node from the rules that kube-proxy should have written. */
export interface NodeRuleDifferences {
  readonly node: string;
  /** Why its rules cannot be judged, e.g. that it does not answer. */
  readonly trouble?: string;
  readonly differences: readonly RuleDifference[];
}

/**
 * Compares the live rules of every node with those that kube-proxy should have written for the Services of now. One look: rules
 * follow a change of the Services some moments later. Fails when the API server does not answer.
 */
export async function ruleDifferences(lab: Pick<ProbedLab, 'kube' | 'nodes'>): Promise<readonly NodeRuleDifferences[]> {
  const [cluster, nodes] = await Promise.all([
    readTracedCluster(lab.kube),
    Promise.all(lab.nodes.map((node) => readTracedNode(node, 'ipv4'))),
  ]);
  const { mode } = cluster.proxy;
  const ports = servicePorts(cluster.services, cluster.slices, 'ipv4');
  return nodes.map((node): NodeRuleDifferences => {
    const { name, trouble } = node;
    const why = isKnownMode(mode) ? trouble : `kube-proxy is in the mode "${mode}"`;
    if (why !== undefined) return { node: name, trouble: why, differences: [] };
    return { node: name, differences: proxyDifferences(node, ports, cluster.proxy, 'ipv4') };
  });
}
