import type { LabFacts, ProberFacts } from '../../lab/facts.ts';
import { probersWith, reach, seenAs, skipped, type Expectation, type PlannedCell } from '../planned-cell.ts';

/** Where the lab's Ingress routes to the shop. */
export const SHOP_HOST = 'app.lab.test';
export const SHOP_ANSWERERS: readonly string[] = ['shop/web-*'];
export const FRONT_DOOR_PORT = 80;
const TLS_PORT = 443;
const UNKNOWN_HOST = 'nobody.lab.test';
/** Below the path of the Ingress; the server must be asked for it as it is. */
const DEEP_PATH = '/a/b';

/** M14: the front door by Ingress and HTTPRoute, M11: load balancers, from outside and from pods; M15: a host that nobody serves. */
export function frontDoorRows(facts: LabFacts): readonly PlannedCell[] {
  return [...doorRows(facts), ...loadBalancerRows(facts)];
}

function doorRows(facts: LabFacts): readonly PlannedCell[] {
  const { frontDoor } = facts;
  const clients = probersWith(facts, 'ext', 'pod-a');
  if ('absent' in frontDoor) {
    const cell = { row: 'M14', path: 'outside → front door', protocol: 'http', requirement: 'ingress' } as const;
    return [skipped(cell, frontDoor.absent)];
  }
  const address = frontDoor.addresses[0] ?? '';
  return [
    ...clients.flatMap((from) => ingressCells(from, address)),
    ...routeRows(facts, clients, address),
    ...clients.map((from) =>
      doorCell(from, {
        ...{ row: 'M15', requirement: 'negatives', door: 'front door, unknown host', address },
        ...{ protocol: 'http', host: UNKNOWN_HOST, path: '/', expect: { kind: 'status', status: 404 } },
      }),
    ),
  ];
}

function ingressCells(from: ProberFacts, address: string): readonly PlannedCell[] {
  const cell = (protocol: 'http' | 'https', path: string): PlannedCell =>
    doorCell(from, {
      ...{ row: 'M14', requirement: 'ingress', door: 'front door', address, protocol, host: SHOP_HOST, path },
      expect: { kind: 'answer', answerers: SHOP_ANSWERERS, asked: { host: SHOP_HOST, path } },
    });
  return [cell('http', '/'), cell('http', DEEP_PATH), cell('https', '/')];
}

/** HTTPRoutes may rewrite host and path: it is enough that the right backend answers. */
function routeRows(facts: LabFacts, clients: readonly ProberFacts[], address: string): readonly PlannedCell[] {
  const { routes } = facts;
  if ('absent' in routes) {
    const cell = { row: 'M14', path: 'outside → HTTPRoute', protocol: 'http', requirement: 'ingress' } as const;
    return [skipped(cell, routes.absent)];
  }
  return clients.flatMap((from) =>
    routes.map(({ name, host, path, answerers }) =>
      doorCell(from, {
        ...{ row: 'M14', requirement: 'ingress', door: `HTTPRoute ${name}`, address, protocol: 'http', host, path },
        expect: { kind: 'answer', answerers },
      }),
    ),
  );
}

function doorCell(
  from: ProberFacts,
  cell: {
    readonly row: string;
    readonly requirement: 'ingress' | 'negatives';
    readonly door: string;
    readonly address: string;
    readonly protocol: 'http' | 'https';
    readonly host: string;
    readonly path: string;
    readonly expect: Expectation;
  },
): PlannedCell {
  const { row, requirement, door, address, protocol, host, path, expect } = cell;
  const tls = protocol === 'https' ? { tls: { serverName: host } } : {};
  const port = protocol === 'https' ? TLS_PORT : FRONT_DOOR_PORT;
  return {
    ...{ row, requirement, protocol, from: from.name, to: path === '/' ? host : `${host}${path}` },
    path: `${from.role === 'ext' ? 'outside' : 'pod'} → ${door}`,
    probe: { kind: 'job', target: { kind: 'http', host: address, port, hostHeader: host, path, ...tls }, expect },
  };
}

function loadBalancerRows(facts: LabFacts): readonly PlannedCell[] {
  const { loadBalancers } = facts;
  const names = { row: 'M11', path: 'outside → LoadBalancer' } as const;
  if ('absent' in loadBalancers) {
    return [skipped({ ...names, protocol: 'tcp', requirement: 'R2' }, loadBalancers.absent)];
  }
  const nodes = facts.nodes.flatMap(({ addresses }) => addresses);
  return probersWith(facts, 'ext').flatMap((from) =>
    loadBalancers.flatMap(({ name, addresses, port, keepsSource, answerers }) => {
      const source = keepsSource ? seenAs(from) : { says: 'an address of a node', addresses: nodes };
      const cell = { ...names, requirement: 'R2', from, to: `service ${name}`, addresses, port } as const;
      // The shop speaks TCP alone.
      return reach({ ...cell, expect: { kind: 'answer', answerers, source } }).filter(
        ({ protocol }) => protocol === 'tcp',
      );
    }),
  );
}
