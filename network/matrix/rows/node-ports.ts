import { isIPv6 } from 'node:net';
import { SERVICES, localBackendNode } from '../../addon/names.ts';
import { proberName } from '../../probers.ts';
import type { LabFacts, NodeFacts, ProberFacts, ServiceFacts } from '../../lab/facts.ts';
import {
  missingService,
  probersWith,
  reach,
  seenAs,
  seenAsNode,
  seenAsPodOrNode,
  type Expectation,
  type PlannedCell,
} from '../planned-cell.ts';

/** M9 and M10: the NodePorts of every node, with externalTrafficPolicy Cluster and Local. */
export function nodePortRows(facts: LabFacts): readonly PlannedCell[] {
  const toEveryNode = (from: ProberFacts, cells: typeof nodePort): readonly PlannedCell[] =>
    facts.nodes.flatMap((node) => cells(facts, from, node));
  return [
    ...probersWith(facts, 'ext', 'pod-a', 'host', 'node').flatMap((from) => toEveryNode(from, nodePort)),
    // From pod-b, which is no backend: from one, the way by its own node would be a hairpin.
    ...probersWith(facts, 'ext', 'pod-b', 'node').flatMap((from) => toEveryNode(from, localNodePort)),
  ];
}

/** With the policy Cluster the node that is addressed puts an address of its own in the client's place. */
function nodePort(facts: LabFacts, from: ProberFacts, node: NodeFacts): readonly PlannedCell[] {
  return cellsAt(facts, {
    ...{ row: 'M9', path: 'NodePort', requirement: 'R2', service: SERVICES.nodePort, from, node },
    to: `nodePort of ${node.name}`,
    expect: {
      kind: 'answer',
      answerers: probersWith(facts, 'pod-a').map(({ name }) => name),
      source: seenAsNode(facts, node.name),
    },
  });
}

/**
 * With the policy Local callers keep their address, and nodes without a backend are silent, so that load balancers try another one.
 * What comes from the addressed node itself goes to the backend wherever it is: kube-proxy makes a shortcut for it.
 */
function localNodePort(facts: LabFacts, from: ProberFacts, node: NodeFacts): readonly PlannedCell[] {
  const backend = localBackendNode(facts.nodes.map(({ name }) => name));
  const isAnswered = node.name === backend || node.name === from.node;
  return cellsAt(facts, {
    row: 'M10',
    ...(isAnswered
      ? { path: 'NodePort with policy Local', requirement: 'R2' }
      : { path: 'NodePort with policy Local, no backend there', requirement: 'negatives' }),
    ...{ service: SERVICES.local, from, node },
    to: `local nodePort of ${node.name}`,
    expect: isAnswered
      ? { kind: 'answer', answerers: [proberName(backend, 'pod-a')], source: localSource(facts, from, node) }
      : { kind: 'silence' },
  });
}

function localSource(facts: LabFacts, from: ProberFacts, node: NodeFacts): ReturnType<typeof seenAs> {
  if (from.role === 'node') return seenAsNode(facts, from.node);
  const isLeavingPods = from.role === 'pod-b' && from.node !== node.name;
  return isLeavingPods ? seenAsPodOrNode(facts, from) : seenAs(from);
}

function cellsAt(
  facts: LabFacts,
  cell: {
    readonly row: string;
    readonly path: string;
    readonly to: string;
    readonly requirement: 'R2' | 'negatives';
    readonly service: string;
    readonly from: ProberFacts;
    readonly node: NodeFacts;
    readonly expect: Expectation;
  },
): readonly PlannedCell[] {
  const { service: name, from, node, row, to, requirement, expect } = cell;
  const service = facts.services[name];
  const path = `${clientOf(from)} → ${cell.path}, ${placeOf(from, node)}`;
  const names = { row, path, requirement, from, to };
  if (service?.nodePort === undefined) return missingService(names, name);
  return reach({ ...names, addresses: addressesFor(service, node), port: service.nodePort, expect });
}

/** The node's addresses in the families that the Service has. */
function addressesFor({ clusterIPs }: ServiceFacts, { bridge }: NodeFacts): readonly string[] {
  return [bridge.ipv4, ...(bridge.ipv6 === undefined ? [] : [bridge.ipv6])].filter((address) =>
    clusterIPs.some((own) => isIPv6(own) === isIPv6(address)),
  );
}

function placeOf(from: ProberFacts, node: NodeFacts): string {
  if (from.role === 'ext') return 'any node';
  return node.name === from.node ? 'own node' : 'other node';
}

function clientOf({ role }: ProberFacts): string {
  return { ext: 'outside', node: 'node', host: 'hostNetwork pod', 'pod-a': 'pod', 'pod-b': 'pod' }[role];
}
