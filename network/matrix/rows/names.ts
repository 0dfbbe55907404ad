import { isIPv4 } from 'node:net';
import { PROBES_NAMESPACE, SERVICES, SERVICE_PORT } from '../../addon/names.ts';
import type { RecordType } from '../../agent/protocol.ts';
import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { SHOP_NAMESPACE } from '../../lab/names.ts';
import { PROBER_PORTS } from '../../probers.ts';
import { impossible, probersWith, seenAs, skipped, type PlannedCell, type PlannedProbe } from '../planned-cell.ts';
import { SHOP_ANSWERERS } from './front-door.ts';

const CLUSTER_DOMAIN = 'cluster.local';

/**
 * M12: cluster names through CoreDNS from a pod of every node. Beside it: calls that look the name up first, external names through
 * CoreDNS, and the nodes' own resolvers, which things use when they restart.
 */
export function nameRows(facts: LabFacts): readonly PlannedCell[] {
  return [
    ...probersWith(facts, 'pod-a').flatMap((from) => [...clusterNames(facts, from), externalName(facts, from)]),
    ...probersWith(facts, 'pod-b').flatMap((from) => [...callsByName(facts, from), shopByName(facts, from)]),
    ...probersWith(facts, 'node').flatMap((from) => nodeNames(facts, from)),
  ];
}

function clusterNames(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const services = ipv4Only(facts.services[SERVICES.all]?.clusterIPs ?? []);
  const pods = probersWith(facts, 'pod-a').flatMap(({ addresses }) => ipv4Only(addresses));
  const port = facts.services[SERVICES.all]?.port ?? 0;
  const api = ipv4Only(facts.kubernetes?.clusterIPs ?? []);
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
    ...['tcp', 'udp'].map((protocol) =>
      cell('SRV of a Service', `_${protocol}._${protocol}.${full(SERVICES.all)}`, 'SRV', [
        `${full(SERVICES.all).replace(/\.$/, '')}:${String(port)}`,
      ]),
    ),
    cell('name of the API server', `kubernetes.default.svc.${CLUSTER_DOMAIN}.`, 'A', api),
    ...ipv4Only(from.addresses).map((address) =>
      cell('name of one pod of a headless Service', podName(address), 'A', [address]),
    ),
  ];
}

/** As programs do it. From pod-b: for a backend it would be a hairpin now and then. */
function callsByName(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const names: readonly (readonly [path: string, name: string, port: number])[] = [
    ['pod → Service by short name', SERVICES.all, SERVICE_PORT],
    ['pod → Service by full name', full(SERVICES.all), SERVICE_PORT],
    // Without an address of the Service there is no translation of ports either.
    ['pod → headless Service by name', full(SERVICES.headless), PROBER_PORTS['pod-a']],
  ];
  const answerers = probersWith(facts, 'pod-a').map(({ name }) => name);
  return names.flatMap(([path, host, port]) =>
    (['tcp', 'udp'] as const).map((protocol) => ({
      ...{ row: 'M12-name', path, from: from.name, to: host, protocol, requirement: 'dns' },
      probe: {
        kind: 'job',
        target: { kind: protocol, host, port },
        expect: { kind: 'answer', answerers, source: seenAs(from) },
      },
    })),
  );
}

function shopByName({ shop }: LabFacts, from: ProberFacts): PlannedCell {
  const host = `web.${SHOP_NAMESPACE}`;
  const names = {
    row: 'M12-name',
    path: 'pod → shop by name',
    protocol: 'http',
    requirement: 'dns',
    to: host,
  } as const;
  if (shop === undefined) return skipped({ ...names, from: from.name }, 'this lab has no shop');
  const target = { kind: 'http', host, port: shop.port } as const;
  const expect = { kind: 'answer', answerers: SHOP_ANSWERERS, source: seenAs(from) } as const;
  return { ...names, from: from.name, probe: { kind: 'job', target, expect } };
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

/** CoreDNS names pods that have no host name by their addresses. */
function podName(address: string): string {
  return `${address.replaceAll('.', '-')}.${full(SERVICES.headless)}`;
}

function full(service: string): string {
  return `${service}.${PROBES_NAMESPACE}.svc.${CLUSTER_DOMAIN}.`;
}
