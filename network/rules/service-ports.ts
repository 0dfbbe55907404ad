import { isIPv6 } from 'node:net';
import type { KubeObject } from '../../core/index.ts';

/** What kube-proxy reads of a Service. */
export interface ServiceObject extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    readonly externalTrafficPolicy?: string;
    readonly internalTrafficPolicy?: string;
    readonly sessionAffinity?: string;
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
    readonly healthCheckNodePort?: number;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly protocol?: string;
      readonly nodePort?: number;
    }[];
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly ipMode?: string }[] };
  };
}

/** What kube-proxy reads of an EndpointSlice. */
export interface SliceObject extends KubeObject {
  readonly addressType?: string;
  readonly ports?: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[] | null;
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly nodeName?: string;
        readonly targetRef?: { readonly name?: string; readonly namespace?: string };
        readonly conditions?: {
          readonly ready?: boolean | null;
          readonly serving?: boolean | null;
          readonly terminating?: boolean | null;
        };
      }[]
    | null;
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly node: string;
  /** Namespace and name of its pod; empty where a slice names none. */
  readonly pod: string;
  readonly isReady: boolean;
  readonly isServing: boolean;
  readonly isTerminating: boolean;
}

/** One port of one Service in one address family: what kube-proxy writes a set of chains for. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  /** As kube-proxy names it in comments and hashes: `shop/web:http`, or `shop/web` for a port without a name. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  readonly clusterIP: string;
  readonly port: number;
  /** 0 when it has none. */
  readonly nodePort: number;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  readonly externalPolicy: 'Cluster' | 'Local';
  readonly internalPolicy: 'Cluster' | 'Local';
  /** How long a client stays with its endpoint; undefined without session affinity. */
  readonly affinitySeconds?: number;
  readonly healthCheckNodePort: number;
  /** All of them, also those that are not ready. */
  readonly endpoints: readonly Endpoint[];
}

const DEFAULT_AFFINITY_S = 10_800;

/** The ports of all Services that have an address in the family; SCTP is left out. */
export function servicePorts(
  services: readonly ServiceObject[],
  slices: readonly SliceObject[],
  family: 'ipv4' | 'ipv6',
): readonly ServicePort[] {
  return services.flatMap((service) => {
    const { spec } = service;
    const clusterIP = spec?.clusterIPs?.find((address) => address !== 'None' && familyOf(address) === family);
    if (spec === undefined || clusterIP === undefined) return [];
    const { name, namespace = '' } = service.metadata;
    const own = slices.filter(
      ({ metadata, addressType }) =>
        metadata.namespace === namespace &&
        metadata.labels?.['kubernetes.io/service-name'] === name &&
        addressType?.toLowerCase() === family,
    );
    return (spec.ports ?? []).flatMap((port): readonly ServicePort[] => {
      const protocol = (port.protocol ?? 'TCP').toLowerCase();
      if (protocol !== 'tcp' && protocol !== 'udp') return [];
      return [
        {
          namespace,
          service: name,
          name: `${namespace}/${name}${port.name === undefined || port.name === '' ? '' : `:${port.name}`}`,
          protocol,
          clusterIP,
          port: port.port,
          nodePort: port.nodePort ?? 0,
          externalIPs: (spec.externalIPs ?? []).filter((address) => familyOf(address) === family),
          loadBalancerIPs: loadBalancerIPs(service, family),
          externalPolicy: spec.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
          internalPolicy: spec.internalTrafficPolicy === 'Local' ? 'Local' : 'Cluster',
          ...(spec.sessionAffinity === 'ClientIP'
            ? { affinitySeconds: spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_S }
            : {}),
          healthCheckNodePort: spec.healthCheckNodePort ?? 0,
          endpoints: own.flatMap((slice) => endpointsIn(slice, port.name ?? '', protocol)),
        },
      ];
    });
  });
}

/**
 * The endpoints that kube-proxy uses on a node: those that are ready, or, when none is, those that end and still serve; with the
 * policy Local only those of the node.
 */
export function usedEndpoints(
  { endpoints }: ServicePort,
  policy: 'Cluster' | 'Local',
  node: string,
): readonly Endpoint[] {
  const meant = policy === 'Local' ? endpoints.filter((one) => one.node === node) : endpoints;
  const ready = meant.filter(({ isReady }) => isReady);
  return ready.length > 0 ? ready : meant.filter(({ isServing, isTerminating }) => isServing && isTerminating);
}

export function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function endpointsIn(slice: SliceObject, portName: string, protocol: string): readonly Endpoint[] {
  const port = slice.ports?.find(
    (one) => (one.name ?? '') === portName && (one.protocol ?? 'TCP').toLowerCase() === protocol,
  )?.port;
  if (port === undefined) return [];
  return (slice.endpoints ?? []).flatMap(({ addresses, nodeName = '', targetRef, conditions }) =>
    addresses.slice(0, 1).map((address) => ({
      address,
      port,
      node: nodeName,
      pod: targetRef?.name === undefined ? '' : `${targetRef.namespace ?? ''}/${targetRef.name}`,
      // What is not said counts as yes, and an endpoint that is ready serves.
      isReady: conditions?.ready ?? true,
      isServing: conditions?.serving ?? conditions?.ready ?? true,
      isTerminating: conditions?.terminating ?? false,
    })),
  );
}

function loadBalancerIPs({ status }: ServiceObject, family: string): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) =>
    ip !== undefined && ipMode !== 'Proxy' && familyOf(ip) === family ? [ip] : [],
  );
}
