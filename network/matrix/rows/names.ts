import { isIPv4 } from 'node:net';
import { PROBES_NAMESPACE, SERVICES } from '../../addon/names.ts';
import type { RecordType } from '../../agent/protocol.ts';
import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { impossible, probersWith, type PlannedCell, type PlannedProbe } from '../planned-cell.ts';

const CLUSTER_DOMAIN = 'cluster.local';

/**
 * M12: cluster names through CoreDNS from a pod of every node. Beside it: external names through CoreDNS, and the nodes'
 * own resolvers, which things use when they restart.
 */
export function nameRows(facts: LabFacts): readonly PlannedCell[] {
  return [
    ...probersWith(facts, 'pod-a').flatMap((from) => [...clusterNames(facts, from), externalName(facts, from)]),
    ...probersWith(facts, 'node').flatMap((from) => nodeNames(facts, from)),
  ];
}

function clusterNames(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const services = ipv4Only(facts.services[SERVICES.all]?.clusterIPs ?? []);
  const pods = probersWith(facts, 'pod-a').flatMap(({ addresses }) => ipv4Only(addresses));
  const port = facts.services[SERVICES.all]?.port ?? 0;
  const cell = (path: string, name: string, recordType: RecordType, records: readonly string[]): PlannedCell => ({
    row: 'M12',
    path,
    from: from.name,
    to: name,
    protocol: 'dns',
    requirement: 'dns',
    probe: viaCoreDns(facts, name, recordType, records),
  });
  return [
    // Without a server: the pod's own resolv.conf, with its search list.
    {
      ...cell('Service name, short', SERVICES.all, 'A', services),
      probe: {
        kind: 'job',
        target: { kind: 'dns', name: SERVICES.all, recordType: 'A' },
        expect: { kind: 'records', records: services, match: 'exactly' },
      },
    },
    cell('Service name, full', full(SERVICES.all), 'A', services),
    cell('headless Service name', full(SERVICES.headless), 'A', pods),
    cell('SRV of a Service', `_tcp._tcp.${full(SERVICES.all)}`, 'SRV', [
      `${full(SERVICES.all).replace(/\.$/, '')}:${String(port)}`,
    ]),
  ];
}

function externalName(facts: LabFacts, from: ProberFacts): PlannedCell {
  return {
    row: 'M12-external',
    path: 'external name through CoreDNS',
    from: from.name,
    to: facts.keeper.name,
    protocol: 'dns',
    requirement: 'dns',
    probe: viaCoreDns(facts, `${facts.keeper.name}.`, 'A', ipv4Only(facts.keeper.addresses)),
  };
}

/**
 * A node's name, which is in its hosts file, and the keeper's, which only the container engine's resolver knows: the one
 * still works when the other does not.
 */
function nodeNames(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const peer = facts.nodes.find(({ name }) => name !== from.node) ?? facts.nodes[0];
  const cell = (path: string, name: string, address: string): PlannedCell => ({
    row: 'M12-node',
    path,
    from: from.name,
    to: name,
    protocol: 'dns',
    requirement: 'dns',
    probe: {
      kind: 'job',
      target: { kind: 'dns', name, recordType: 'A' },
      expect: { kind: 'records', records: [address], match: 'includes' },
    },
  });
  return [
    ...(peer === undefined ? [] : [cell("node's own resolver, a node's name", peer.name, peer.bridge.ipv4)]),
    cell("node's own resolver, a name outside the cluster", facts.keeper.name, facts.keeper.addresses[0] ?? ''),
  ];
}

function viaCoreDns(
  { dnsServer }: LabFacts,
  name: string,
  recordType: RecordType,
  records: readonly string[],
): PlannedProbe {
  if (dnsServer === undefined) return impossible('dns-no-answer', 'the Service kube-system/kube-dns does not exist');
  return {
    kind: 'job',
    target: { kind: 'dns', name, recordType, server: dnsServer },
    expect: { kind: 'records', records, match: 'exactly' },
  };
}

/** A records are asked for: the IPv4 addresses. */
function ipv4Only(addresses: readonly string[]): readonly string[] {
  return addresses.filter((address) => isIPv4(address));
}

function full(service: string): string {
  return `${service}.${PROBES_NAMESPACE}.svc.${CLUSTER_DOMAIN}.`;
}
