import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { probersWith, reach, seenAsNode, skipped, type PlannedCell } from '../planned-cell.ts';
import { ONE_NODE } from './pods.ts';

/** M3 and M4 (node to pod; the server sees an address of that node, never another pod's), and every node to every other. */
export function nodeRows(facts: LabFacts): readonly PlannedCell[] {
  const clients = probersWith(facts, 'host', 'node');
  const pods = probersWith(facts, 'pod-a', 'pod-b');
  return [
    ...clients.flatMap((from) => pods.flatMap((to) => nodeToPod(facts, from, to))),
    ...probersWith(facts, 'node').flatMap((from) =>
      clients.filter((to) => to.node !== from.node).flatMap((to) => nodeToNode(facts, from, to)),
    ),
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
    path: to.role === 'host' ? 'node → hostNetwork pod, other node' : 'node → node',
    requirement: 'R2',
    from,
    to: to.name,
    addresses: to.addresses,
    port: to.port,
    expect: { kind: 'answer', answerers: [to.name], source: seenAsNode(facts, from.node) },
  });
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
