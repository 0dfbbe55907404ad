import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { probersWith, reach, seenAs, seenAsNode, seenAsPodOrNode, skipped, type PlannedCell } from '../planned-cell.ts';
import { ONE_NODE } from './pods.ts';

/**
 * M3 and M4 (node to pod; the server sees an address of that node, never another pod's), every node to every other, and M5 (pods and
 * the outside to what listens on a node's own address).
 */
export function nodeRows(facts: LabFacts): readonly PlannedCell[] {
  const clients = probersWith(facts, 'host', 'node');
  const pods = probersWith(facts, 'pod-a', 'pod-b');
  return [
    ...clients.flatMap((from) => pods.flatMap((to) => nodeToPod(facts, from, to))),
    ...clients.flatMap((from) =>
      clients.filter((to) => to.node !== from.node).flatMap((to) => nodeToNode(facts, from, to)),
    ),
    ...probersWith(facts, 'node').flatMap((from) =>
      probersWith(facts, 'host')
        .filter((to) => to.node === from.node)
        .flatMap((to) => nodeToNode(facts, from, to)),
    ),
    ...probersWith(facts, 'pod-a').flatMap((from) =>
      probersWith(facts, 'host').flatMap((to) => podToNode(facts, from, to)),
    ),
    ...probersWith(facts, 'ext').flatMap((from) => clients.flatMap((to) => outsideToNode(from, to))),
    ...missingRows(facts),
  ];
}

function nodeToPod(facts: LabFacts, from: ProberFacts, to: ProberFacts): readonly PlannedCell[] {
  const client = from.role === 'host' ? 'hostNetwork pod' : 'node';
  return reach({
    ...(to.node === from.node
      ? { row: 'M3', path: `${client} → pod, same node` }
      : { row: 'M4', path: `${client} → pod, other node` }),
    requirement: 'R2',
    from,
    to: to.name,
    addresses: to.addresses,
    port: to.port,
    expect: { kind: 'answer', answerers: [to.name], source: seenAsNode(facts, from.node) },
  });
}

function nodeToNode(facts: LabFacts, from: ProberFacts, to: ProberFacts): readonly PlannedCell[] {
  return reach({
    row: 'node-node',
    path: `${from.role === 'host' ? 'hostNetwork pod' : 'node'} → ${nodePath(from, to)}`,
    requirement: 'R2',
    from,
    to: to.name,
    addresses: to.addresses,
    port: to.port,
    expect: { kind: 'answer', answerers: [to.name], source: seenAsNode(facts, from.node) },
  });
}

function podToNode(facts: LabFacts, from: ProberFacts, to: ProberFacts): readonly PlannedCell[] {
  return reach({
    row: 'M5',
    path: `pod → ${nodePath(from, to)}`,
    requirement: 'R1',
    from,
    to: to.name,
    addresses: to.addresses,
    port: to.port,
    expect: { kind: 'answer', answerers: [to.name], source: seenAsPodOrNode(facts, from) },
  });
}

function outsideToNode(from: ProberFacts, to: ProberFacts): readonly PlannedCell[] {
  return reach({
    row: 'ext-node',
    path: `outside → ${to.role === 'host' ? 'hostNetwork pod' : 'node'}`,
    requirement: 'R2',
    from,
    to: to.name,
    addresses: to.addresses,
    port: to.port,
    expect: { kind: 'answer', answerers: [to.name], source: seenAs(from) },
  });
}

function nodePath(from: ProberFacts, to: ProberFacts): string {
  if (to.role === 'node') return 'node';
  return `hostNetwork pod, ${to.node === from.node ? 'same node' : 'other node'}`;
}

function missingRows(facts: LabFacts): readonly PlannedCell[] {
  const row = { protocol: 'tcp', requirement: 'R2' } as const;
  if (facts.nodes.length === 1) {
    return [
      skipped({ ...row, row: 'M4', path: 'node → pod, other node' }, ONE_NODE),
      skipped({ ...row, row: 'node-node', path: 'node → node' }, ONE_NODE),
    ];
  }
  if (facts.nodes.every(({ bridge }) => bridge.ipv6 !== undefined)) return [];
  return [skipped({ ...row, row: 'node-node', path: 'node → node, IPv6' }, "the lab's network has no IPv6")];
}
