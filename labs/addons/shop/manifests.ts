import type { AddonContext, KubeObject } from '../../../core/index.ts';
import { echoPodSpec } from '../../../network/index.ts';

export const SHOP_NAMESPACE = 'shop';
/** Host name of the demo at the front door. */
const HOST = 'app.lab.test';
const PORT = 8080;
const NODE_PORT = 30080;

/** Namespace `shop` as the catalogue has it: web behind Service, NodePort and Ingress; void, which selects nothing; db with stable names. */
export function shopManifests(context: AddonContext): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHOP_NAMESPACE } },
    web(context),
    service('web', {
      type: 'NodePort',
      selector: { app: 'web' },
      ports: [{ name: 'http', port: 80, targetPort: PORT, nodePort: NODE_PORT }],
    }),
    service('void', { selector: { app: 'void' }, ports: [{ name: 'http', port: 80, targetPort: PORT }] }),
    db(context),
    service('db', {
      clusterIP: 'None',
      selector: { app: 'db' },
      ports: [{ name: 'db', port: PORT, targetPort: PORT }],
    }),
    ingress(),
  ];
}

function web(context: AddonContext): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('web'),
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          ...podSpec(context, 'web'),
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: { app: 'web' } },
            },
          ],
        },
      },
    },
  };
}

function db(context: AddonContext): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta('db'),
    spec: {
      serviceName: 'db',
      replicas: 2,
      // Members do not wait for each other, so that `up` does not either.
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: podSpec(context, 'db') },
    },
  };
}

function podSpec({ toolboxImage }: AddonContext, name: string): object {
  return echoPodSpec(toolboxImage, name, { httpGet: { path: '/', port: PORT }, periodSeconds: 1, failureThreshold: 3 });
}

function service(name: string, spec: object): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: meta(name), spec };
}

function ingress(): KubeObject {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta('web'),
    spec: {
      ingressClassName: 'traefik',
      rules: [{ host: HOST, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  };
}

function meta(name: string): KubeObject['metadata'] {
  return { name, namespace: SHOP_NAMESPACE, labels: { app: name } };
}
