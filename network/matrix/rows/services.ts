import { isIPv6 } from 'node:net';
import { SERVICES, serviceOn } from '../../addon/names.ts';
import type { LabFacts, NodeFacts, ProberFacts, ServiceFacts } from '../../lab/facts.ts';
import {
  impossible,
  probersWith,
  reach,
  seenAs,
  seenAsNode,
  skipped,
  type PlannedCell,
  type SourceRule,
} from '../planned-cell.ts';
import { ONE_NODE } from './pods.ts';

/** M6 to M9: ClusterIP from pods, a pod's own Service (hairpin), ClusterIP from nodes, and NodePorts from everywhere. */
export function serviceRows(facts: LabFacts): readonly PlannedCell[] {
  return [
    ...probersWith(facts, 'pod-a', 'pod-b').flatMap((from) => podToServices(facts, from)),
    ...probersWith(facts, 'host', 'node').flatMap((from) => nodeToServices(facts, from)),
    ...probersWith(facts, 'ext', 'pod-a', 'node').flatMap((from) =>
      facts.nodes.flatMap((node) => nodePort(facts, from, node)),
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
  if (found === undefined) return missing(names, service);
  return reach({
    ...names,
    addresses: found.clusterIPs,
    port: found.port,
    expect: { kind: 'answer', answerers, source },
  });
}

function nodePort(facts: LabFacts, from: ProberFacts, node: NodeFacts): readonly PlannedCell[] {
  const service = facts.services[SERVICES.nodePort];
  const names = {
    row: 'M9',
    path: `${clientOf(from)} → NodePort, ${node.name === from.node ? 'own node' : from.role === 'ext' ? 'any node' : 'other node'}`,
    requirement: 'R2',
    from,
    to: `nodePort of ${node.name}`,
  } as const;
  if (service?.nodePort === undefined) return missing(names, SERVICES.nodePort);
  return reach({
    ...names,
    addresses: addressesFor(service, node),
    port: service.nodePort,
    // With externalTrafficPolicy Cluster the node that is addressed puts an address of its own in the client's place.
    expect: { kind: 'answer', answerers: allBackends(facts), source: seenAsNode(facts, node.name) },
  });
}

/** The node's addresses in the families that the Service has. */
function addressesFor({ clusterIPs }: ServiceFacts, { bridge }: NodeFacts): readonly string[] {
  return [bridge.ipv4, ...(bridge.ipv6 === undefined ? [] : [bridge.ipv6])].filter((address) =>
    clusterIPs.some((own) => isIPv6(own) === isIPv6(address)),
  );
}

function missing(
  { from, ...names }: Pick<PlannedCell, 'row' | 'path' | 'requirement' | 'to'> & { readonly from: ProberFacts },
  service: string,
): readonly PlannedCell[] {
  const probe = impossible('unreachable', `the Service ${service} does not exist`);
  return (['tcp', 'udp'] as const).map((protocol) => ({ ...names, from: from.name, protocol, probe }));
}

function allBackends(facts: LabFacts): readonly string[] {
  return probersWith(facts, 'pod-a').map(({ name }) => name);
}

function backendOn(client: string, backend: string): string {
  return client === backend ? 'backend on the same node' : 'backend on another node';
}

function clientOf({ role }: ProberFacts): string {
  if (role === 'ext') return 'outside';
  return role === 'node' ? 'node' : 'pod';
}
