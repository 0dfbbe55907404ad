import type { KubeObject } from '../../../core/index.ts';
import { echoPodSpec } from '../../../network/index.ts';
import { refTo } from '../../cluster/objects.ts';
import type { RunEnvironment } from '../../ports.ts';

export const NAMESPACE = 'shop';
export const NAME = 'cart';
export const REPLICAS = 2;
/** From the lower end of the cluster's Service addresses, which the API server leaves to those who ask for one by name. */
export const CLUSTER_IP = '10.96.0.77';
export const PORT = 80;
/** Port of the pods, and what it is called there. */
export const POD_PORT = 8080;
export const POD_PORT_NAME = 'http';
export const LABELS = { app: 'cart' } as const;
/** Where somebody moved the pods to, in one of the variants. */
export const OTHER_NAMESPACE = 'default';
/** How the pods name themselves. */
export const ANSWERERS = `${NAMESPACE}/${NAME}-`;

export const SERVICE = refTo('v1', 'Service', NAME, NAMESPACE);
export const DEPLOYMENT = refTo('apps/v1', 'Deployment', NAME, NAMESPACE);

export function cartService(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      clusterIP: CLUSTER_IP,
      selector: LABELS,
      ports: [{ name: 'http', port: PORT, targetPort: POD_PORT_NAME, protocol: 'TCP' }],
    },
  };
}

export function cartDeployment({ session }: Pick<RunEnvironment, 'session'>, namespace = NAMESPACE): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace, labels: LABELS },
    spec: {
      replicas: REPLICAS,
      // The old pods go first, so that a template that never gets ready shows.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: cartPod(session.addonContext.toolboxImage) },
    },
  };
}

export function cartPod(image: string): object {
  return echoPodSpec(image, NAME, { httpGet: { path: '/', port: POD_PORT_NAME }, periodSeconds: 1 });
}
