import type { ServicePort } from '../rules/service-ports.ts';
import type { IngressObject, TracedCluster, TracedPod } from './facts.ts';
import { takesPath, weightOfHost } from './http-match.ts';
import type { Hop } from './types.ts';

/** The pod that has a port of its node for itself, as ingress controllers do; with the address that is asked. */
export function podAtHostPort(cluster: TracedCluster, node: string, port: number): TracedPod | undefined {
  return cluster.pods.find((pod) => pod.node === node && pod.hostPorts.includes(port));
}

/** The first rule of all Ingresses that takes host and path, as Kubernetes defines it: exact host first, longest path first. */
export function ingressHop(
  ingresses: readonly IngressObject[],
  ports: readonly ServicePort[],
  { host, path }: { readonly host: string; readonly path: string },
): Hop & { readonly kind: 'ingress' } {
  const backends = ingresses.flatMap((ingress) => backendsIn(ingress, host, path)).sort((a, b) => b.weight - a.weight);
  const [backend] = backends;
  if (backend === undefined) {
    return { ok: false, says: `no Ingress takes ${host}${path}`, kind: 'ingress', ingress: '', backend: '' };
  }
  const { ingress, service, port } = backend;
  const found = ports.find(
    (one) =>
      `${one.namespace}/${one.service}` === service &&
      one.protocol === 'tcp' &&
      (String(one.port) === port || one.name.endsWith(`:${port}`)),
  );
  const facts = { kind: 'ingress', ingress, backend: found?.name ?? service } as const;
  if (found === undefined)
    return { ok: false, says: `${ingress} leads to ${service}:${port}, which is not there`, ...facts };
  return { ok: true, says: `${ingress} leads ${host}${path} to ${found.name}`, ...facts };
}

interface Backend {
  readonly ingress: string;
  readonly service: string;
  readonly port: string;
  /** More for what is more exactly meant. */
  readonly weight: number;
}

function backendsIn({ metadata, spec }: IngressObject, host: string, path: string): readonly Backend[] {
  const namespace = metadata.namespace ?? '';
  return (spec?.rules ?? []).flatMap((rule) => {
    const hostWeight = weightOfHost(rule.host, host);
    if (hostWeight === undefined) return [];
    return (rule.http?.paths ?? []).flatMap(({ path: prefix = '/', pathType, backend }): readonly Backend[] => {
      if (!takesPath(prefix, pathType, path)) return [];
      return [
        {
          ingress: `${namespace}/${metadata.name}`,
          service: `${namespace}/${backend?.service?.name ?? ''}`,
          port: String(backend?.service?.port?.number ?? backend?.service?.port?.name ?? ''),
          weight: hostWeight + prefix.length + (pathType === 'Exact' ? 0.5 : 0),
        },
      ];
    });
  });
}
