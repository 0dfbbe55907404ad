import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { probersWith, reach, seenAsNode, skipped, type Expectation, type PlannedCell } from '../planned-cell.ts';

/** Where the lab's Ingress routes to the shop. */
export const SHOP_HOST = 'app.lab.test';
export const SHOP_ANSWERERS: readonly string[] = ['shop/web-*'];
export const FRONT_DOOR_PORT = 80;

/** M13 (to the outside echo: masqueraded by the node), and M14 (the front door, from outside and from pods). */
export function edgeRows(facts: LabFacts): readonly PlannedCell[] {
  return [...egressRows(facts), ...ingressRows(facts)];
}

function egressRows(facts: LabFacts): readonly PlannedCell[] {
  const [outside] = probersWith(facts, 'ext');
  if (outside === undefined) return [];
  return probersWith(facts, 'pod-a', 'node').flatMap((from) =>
    reach({
      row: 'M13',
      path: `${from.role === 'node' ? 'node' : 'pod'} → outside`,
      requirement: 'egress',
      from,
      to: outside.name,
      addresses: outside.addresses,
      port: outside.port,
      expect: { kind: 'answer', answerers: [outside.name], source: seenAsNode(facts, from.node) },
    }),
  );
}

function ingressRows(facts: LabFacts): readonly PlannedCell[] {
  const { frontDoor } = facts;
  if ('absent' in frontDoor) {
    const cell = { row: 'M14', path: 'outside → front door', protocol: 'http', requirement: 'ingress' } as const;
    return [skipped(cell, frontDoor.absent)];
  }
  const host = frontDoor.addresses[0] ?? '';
  const cell = (from: ProberFacts, to: string, expect: Expectation): PlannedCell => ({
    row: expect.kind === 'status' ? 'M15' : 'M14',
    path: `${from.role === 'ext' ? 'outside' : 'pod'} → front door${expect.kind === 'status' ? ', unknown host' : ''}`,
    from: from.name,
    to,
    protocol: 'http',
    requirement: expect.kind === 'status' ? 'negatives' : 'ingress',
    probe: { kind: 'job', target: { kind: 'http', host, port: FRONT_DOOR_PORT, hostHeader: to, path: '/' }, expect },
  });
  return [
    ...probersWith(facts, 'ext', 'pod-a').map((from) =>
      cell(from, SHOP_HOST, { kind: 'answer', answerers: SHOP_ANSWERERS }),
    ),
    ...probersWith(facts, 'ext').map((from) => cell(from, 'nobody.lab.test', { kind: 'status', status: 404 })),
  ];
}
