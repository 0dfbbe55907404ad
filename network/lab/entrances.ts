import { SHOP_NAMESPACE } from './names.ts';
import type { HttpRouteObject } from './http-routes.ts';
import type { ServiceView } from './facts.ts';

/** An HTTPRoute to the shop, and one request that it takes. */
export interface RouteFacts {
  /** Namespace and name. */
  readonly name: string;
  readonly host: string;
  readonly path: string;
  /** Identities of the pods behind it, as glob patterns. */
  readonly answerers: readonly string[];
}

/** A Service with an address that a load balancer has given it. */
export interface LoadBalancerFacts {
  /** Namespace and name. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly keepsSource: boolean;
  readonly answerers: readonly string[];
}

export type Routes = readonly RouteFacts[] | { readonly absent: string };
export type LoadBalancers = readonly LoadBalancerFacts[] | { readonly absent: string };

/** The routes whose pods say who they are, which are the shop's; with why there is none. */
export function routesOf(routes: readonly HttpRouteObject[] | undefined): Routes {
  if (routes === undefined) return { absent: 'this lab has no Gateway API' };
  const found = routes.filter(({ metadata }) => metadata.namespace === SHOP_NAMESPACE).flatMap(routeFacts);
  return found.length === 0 ? { absent: 'no HTTPRoute leads to the shop' } : found;
}

/** Of several hosts and rules the first: that the others lead on is up to the controller, which reads them all alike. */
function routeFacts({ metadata, spec }: HttpRouteObject): readonly RouteFacts[] {
  const host = spec?.hostnames?.find((name) => !name.startsWith('*'));
  const rule = spec?.rules?.[0];
  const match = rule?.matches?.[0]?.path;
  const backends = (rule?.backendRefs ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (host === undefined || backends.length === 0 || match?.type === 'RegularExpression') return [];
  return [
    {
      name: `${metadata.namespace ?? ''}/${metadata.name}`,
      host,
      path: match?.value ?? '/',
      answerers: backends.map((name) => `${SHOP_NAMESPACE}/${name}-*`),
    },
  ];
}

/** The shop's Services that have an address from a load balancer; with why there is none. */
export function loadBalancersOf(services: readonly ServiceView[]): LoadBalancers {
  const meant = services.filter(
    ({ metadata, spec }) => metadata.namespace === SHOP_NAMESPACE && spec?.type === 'LoadBalancer',
  );
  if (meant.length === 0) return { absent: 'no Service of this lab asks for a load balancer' };
  const found = meant.flatMap(loadBalancerFacts);
  if (found.length > 0) return found;
  const names = meant.map(({ metadata }) => metadata.name).join(', ');
  return { absent: `no load balancer has given an address to ${names}` };
}

function loadBalancerFacts({ metadata, spec, status }: ServiceView): readonly LoadBalancerFacts[] {
  const addresses = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === undefined ? [] : [ip]));
  const port = spec?.ports?.[0]?.port;
  if (addresses.length === 0 || port === undefined) return [];
  return [
    {
      name: `${SHOP_NAMESPACE}/${metadata.name}`,
      addresses,
      port,
      keepsSource: spec?.externalTrafficPolicy === 'Local',
      answerers: [`${SHOP_NAMESPACE}/*`],
    },
  ];
}
