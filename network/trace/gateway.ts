import type { GatewayObject, HttpRouteObject } from '../lab/http-routes.ts';
import type { ServicePort } from '../rules/service-ports.ts';
import { takesPath, weightOfHost } from './http-match.ts';
import type { Hop } from './types.ts';

export interface Request {
  readonly host: string;
  readonly path: string;
}

/** The objects of the Gateway API; empty where the cluster does not serve them. */
export interface GatewayObjects {
  readonly routes: readonly HttpRouteObject[];
  readonly gateways: readonly GatewayObject[];
}

type RouteHop = Hop & { readonly kind: 'http-route' };

/**
 * The HTTPRoute that takes host and path, as the Gateway API defines it, with the first thing that is wrong on the way: its Gateway, what
 * the controller says of both, the backend. Undefined when none takes it.
 */
export function httpRouteHop(
  { routes, gateways }: GatewayObjects,
  ports: readonly ServicePort[],
  request: Request,
): RouteHop | undefined {
  const [meant] = routes.flatMap((route) => matchesIn(route, request)).sort((a, b) => b.weight - a.weight);
  if (meant === undefined) return undefined;
  const { route, rule } = meant;
  const name = nameOf(route);
  const gateway = gatewayOf(route);
  const backends = (rule.backendRefs ?? []).filter(({ weight }) => weight !== 0);
  const found = backends.flatMap((backend) => portOf(backend, route, ports) ?? []);
  const facts = { kind: 'http-route', route: name, gateway, backends: found.map((port) => port.name) } as const;
  const trouble =
    troubleOfGateway(
      gateways.find((one) => nameOf(one) === gateway),
      gateway,
    ) ??
    troubleOfRoute(route) ??
    (found.length === 0
      ? `${name} leads to ${backends.map(wordsFor).join(', ') || 'nothing'}, which is not there`
      : undefined);
  if (trouble !== undefined) return { ok: false, says: trouble, ...facts };
  const to = found.map((port) => port.name).join(', ');
  return { ok: true, says: `${name} of ${gateway} leads ${request.host}${request.path} to ${to}`, ...facts };
}

type RouteRule = NonNullable<NonNullable<HttpRouteObject['spec']>['rules']>[number];
type BackendRef = NonNullable<RouteRule['backendRefs']>[number];

interface Match {
  readonly route: HttpRouteObject;
  readonly rule: RouteRule;
  readonly weight: number;
}

function matchesIn(route: HttpRouteObject, { host, path }: Request): readonly Match[] {
  const hosts = route.spec?.hostnames ?? [undefined];
  const weights = hosts.flatMap((wanted) => weightOfHost(wanted, host) ?? []);
  if (weights.length === 0) return [];
  return (route.spec?.rules ?? []).flatMap((rule) =>
    (rule.matches ?? [{}]).flatMap(({ path: wanted }): readonly Match[] => {
      const prefix = wanted?.value ?? '/';
      if (!takesRoutePath(prefix, wanted?.type, path)) return [];
      const isExact = wanted?.type === 'Exact' ? 0.5 : 0;
      return [{ route, rule, weight: Math.max(...weights) + prefix.length + isExact }];
    }),
  );
}

function takesRoutePath(wanted: string, type: string | undefined, path: string): boolean {
  if (type === 'RegularExpression') return new RegExp(`^(?:${wanted})$`).test(path);
  return takesPath(wanted, type, path);
}

function troubleOfGateway(gateway: GatewayObject | undefined, name: string): string | undefined {
  if (gateway === undefined) return `the Gateway ${name} is not there`;
  return falseCondition(gateway.status?.conditions, ['Accepted', 'Programmed'], `the Gateway ${name}`);
}

function troubleOfRoute(route: HttpRouteObject): string | undefined {
  const parents = route.status?.parents ?? [];
  if (parents.length === 0) return `no controller has taken up the HTTPRoute ${nameOf(route)}`;
  const conditions = parents.flatMap((parent) => parent.conditions ?? []);
  return falseCondition(conditions, ['Accepted', 'ResolvedRefs'], `the HTTPRoute ${nameOf(route)}`);
}

type Conditions = NonNullable<NonNullable<GatewayObject['status']>['conditions']>;

function falseCondition(conditions: Conditions = [], types: readonly string[], what: string): string | undefined {
  const bad = conditions.find(({ type, status }) => types.includes(type) && status !== 'True');
  if (bad === undefined) return undefined;
  const { type, reason = '', message = '' } = bad;
  return `${what} is not ${type}: ${[reason, message].filter((text) => text !== '').join(', ')}`;
}

function gatewayOf({ metadata, spec }: HttpRouteObject): string {
  const parent = spec?.parentRefs?.[0];
  return `${parent?.namespace ?? metadata.namespace ?? ''}/${parent?.name ?? ''}`;
}

function portOf(backend: BackendRef, route: HttpRouteObject, ports: readonly ServicePort[]): ServicePort | undefined {
  const namespace = backend.namespace ?? route.metadata.namespace ?? '';
  return ports.find(
    (one) =>
      one.protocol === 'tcp' &&
      one.namespace === namespace &&
      one.service === backend.name &&
      one.port === backend.port,
  );
}

function wordsFor({ name = '', port }: BackendRef): string {
  return `${name}:${String(port ?? '')}`;
}

function nameOf({ metadata }: { readonly metadata: HttpRouteObject['metadata'] }): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
