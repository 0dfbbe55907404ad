import { SERVICES, serviceOn } from '../../addon/names.ts';
import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import {
  missingService,
  probersWith,
  reach,
  seenAs,
  seenAsNode,
  skipped,
  type PlannedCell,
  type SourceRule,
} from '../planned-cell.ts';
import { OUTSIDE } from '../../probers.ts';
import { ONE_NODE } from './pods.ts';

/** M6 to M8: ClusterIP from pods, a pod's own Service (hairpin), and ClusterIP from nodes. */
export function serviceRows(facts: LabFacts): readonly PlannedCell[] {
  return [
    ...probersWith(facts, 'pod-a', 'pod-b').flatMap((from) => podToServices(facts, from)),
    ...probersWith(facts, 'host', 'node').flatMap((from) => nodeToServices(facts, from)),
    skipped(
      { row: 'ext-service', path: 'outside → ClusterIP', protocol: 'tcp', requirement: 'R1', from: OUTSIDE },
      'Services have their addresses inside the cluster only',
    ),
    ...(facts.nodes.length > 1
      ? []
      : [
          skipped(
            { row: 'M6', path: 'pod → ClusterIP, backend on another node', protocol: 'tcp', requirement: 'R1' },
            ONE_NODE,
          ),
          skipped(
            { row: 'M8', path: 'node → ClusterIP, backend on another node', protocol: 'tcp', requirement: 'R2' },
            ONE_NODE,
          ),
        ]),
  ];
}

function podToServices(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const perNode = facts.nodes.flatMap(({ name }) => {
    const isOwn = name === from.node && from.role === 'pod-a';
    return clusterIp(facts, from, {
      service: serviceOn(name),
      requirement: 'R1',
      answerers: [`${name}/pod-a`],
      // A pod that is sent back to itself must not see its own address as the client's, or it would answer itself directly.
      ...(isOwn
        ? { row: 'M7', path: 'pod → its own Service', source: seenAsNode(facts, name) }
        : { row: 'M6', path: `pod → ClusterIP, ${backendOn(from.node, name)}`, source: seenAs(from) }),
    });
  });
  // Only from the pods that are no backends themselves: for one, it would be a hairpin now and then.
  if (from.role === 'pod-a') return perNode;
  const all = { service: SERVICES.all, requirement: 'R1', row: 'M6', path: 'pod → ClusterIP, any backend' } as const;
  return [...perNode, ...clusterIp(facts, from, { ...all, answerers: allBackends(facts), source: seenAs(from) })];
}

function nodeToServices(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const client = from.role === 'host' ? 'hostNetwork pod' : 'node';
  return facts.nodes.flatMap(({ name }) =>
    clusterIp(facts, from, {
      service: serviceOn(name),
      requirement: 'R2',
      row: 'M8',
      path: `${client} → ClusterIP, ${backendOn(from.node, name)}`,
      answerers: [`${name}/pod-a`],
      source: seenAsNode(facts, from.node),
    }),
  );
}

function clusterIp(
  facts: LabFacts,
  from: ProberFacts,
  cell: {
    readonly service: string;
    readonly requirement: 'R1' | 'R2';
    readonly row: string;
    readonly path: string;
    readonly answerers: readonly string[];
    readonly source: SourceRule;
  },
): readonly PlannedCell[] {
  const { service, row, path, requirement, answerers, source } = cell;
  const found = facts.services[service];
  const names = { row, path, requirement, from, to: `service ${service}` };
  if (found === undefined) return missingService(names, service);
  return reach({
    ...names,
    addresses: found.clusterIPs,
    port: found.port,
    expect: { kind: 'answer', answerers, source },
  });
}

function allBackends(facts: LabFacts): readonly string[] {
  return probersWith(facts, 'pod-a').map(({ name }) => name);
}

function backendOn(client: string, backend: string): string {
  return client === backend ? 'backend on the same node' : 'backend on another node';
}
