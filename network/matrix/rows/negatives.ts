import { PROBES_NAMESPACE, SERVICES } from '../../addon/names.ts';
import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { impossible, missingService, probersWith, reach, skipped, type PlannedCell } from '../planned-cell.ts';

/**
 * M15 and M15-name: what must fail, and how. A Service without endpoints refuses at once, since silence would mean that nobody rejects; at an address
 * that no Service has, as after one was deleted, nobody answers, and its name is gone.
 */
export function negativeRows(facts: LabFacts): readonly PlannedCell[] {
  return [
    ...probersWith(facts, 'pod-a', 'host', 'node').flatMap((from) => [
      ...withoutEndpoints(facts, from),
      ...withoutService(facts, from),
    ]),
    ...probersWith(facts, 'pod-a').map((from) => withoutName(facts, from)),
  ];
}

function withoutEndpoints(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const service = facts.services[SERVICES.void];
  const names = {
    row: 'M15',
    path: `${clientOf(from)} → Service without endpoints`,
    requirement: 'negatives',
    from,
    to: `service ${SERVICES.void}`,
  } as const;
  if (service === undefined) return missingService(names, SERVICES.void);
  return reach({ ...names, addresses: service.clusterIPs, port: service.port, expect: { kind: 'refused' } });
}

function withoutService(facts: LabFacts, from: ProberFacts): readonly PlannedCell[] {
  const address = facts.unusedServiceAddress;
  const names = {
    row: 'M15',
    path: `${clientOf(from)} → address of no Service, as of a deleted one`,
    requirement: 'negatives',
    to: 'no service',
  } as const;
  if (address === undefined) {
    return [skipped({ ...names, from: from.name, protocol: 'tcp' }, 'no free IPv4 address of Services is known')];
  }
  return reach({ ...names, from, addresses: [address], port: HTTP_PORT, expect: { kind: 'nobody' } });
}

const HTTP_PORT = 80;

function withoutName(facts: LabFacts, from: ProberFacts): PlannedCell {
  const to = `deleted.${PROBES_NAMESPACE}.svc.cluster.local.`;
  const names = { row: 'M15-name', path: 'name of no Service', requirement: 'negatives', protocol: 'dns' } as const;
  const probe: PlannedCell['probe'] =
    facts.dnsServer === undefined
      ? impossible('dns-no-answer', 'the Service kube-system/kube-dns does not exist')
      : {
          kind: 'job',
          target: { kind: 'dns', name: to, recordType: 'A', server: facts.dnsServer },
          expect: { kind: 'no-such-name' },
        };
  return { ...names, from: from.name, to, probe };
}

function clientOf({ role }: ProberFacts): string {
  return role === 'host' ? 'hostNetwork pod' : role === 'node' ? 'node' : 'pod';
}
