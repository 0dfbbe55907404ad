import type { KubeObject } from '../../../core/index.ts';
import { refTo } from '../../cluster/objects.ts';
import type { RunEnvironment } from '../../ports.ts';

export const NAMESPACE = 'shop';
export const NAME = 'ledger';
/** From the lower end of the cluster's Service addresses, which the API server leaves to those who ask for one by name. */
export const CLUSTER_IP = '10.96.0.54';
export const PORT = 80;
export const POD_PORT = 8080;
export const LABELS = { app: NAME } as const;
/** How it names itself. */
export const ANSWERER = `${NAMESPACE}/${NAME}-*`;

export const DEPLOYMENT = refTo('apps/v1', 'Deployment', NAME, NAMESPACE);

export function ledgerService(): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      clusterIP: CLUSTER_IP,
      selector: LABELS,
      ports: [{ name: 'http', port: PORT, targetPort: POD_PORT, protocol: 'TCP' }],
    },
  };
}

/** One pod on one machine; `networks` are those from which machines give addresses to pods. */
export function ledgerDeployment(
  { session }: Pick<RunEnvironment, 'session'>,
  home: string,
  networks: readonly string[],
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: NAMESPACE, labels: LABELS },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: ledgerPod(session.addonContext.toolboxImage, home, networks),
      },
    },
  };
}

/** What decides whom the ledger serves. */
export interface LedgerPod {
  readonly hostNetwork?: boolean;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly containers: readonly [LedgerContainer];
}

interface LedgerContainer {
  readonly image: string;
  readonly command: readonly string[];
  /** The networks of pods come first. */
  readonly env: readonly object[];
}

export function ledgerPod(image: string, home: string, networks: readonly string[]): LedgerPod {
  const pod = {
    nodeSelector: { 'kubernetes.io/hostname': home },
    tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    containers: [ledgerContainer(image, networks)] as const,
  };
  return pod;
}

function ledgerContainer(image: string, networks: readonly string[]): LedgerContainer {
  const container = {
    name: NAME,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', '--max-old-space-size=32', '-e', PROGRAM],
    env: [
      { name: 'POD_NETWORKS', value: networks.join(' ') },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    ports: [{ name: 'http', containerPort: POD_PORT }],
    readinessProbe: { httpGet: { path: '/healthz', port: POD_PORT }, periodSeconds: 1 },
    resources: { requests: { cpu: '10m', memory: '24Mi' } },
  };
  return container;
}

/**
 * Serves those who come with the address of a pod, refuses all others, and says whom it saw. The first address of a machine’s pod
 * network is the machine’s own. Answers in the form in which every pod of the lab says who it is.
 */
const PROGRAM = `
const { createServer } = require('node:http');
const number = (text) => text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
const networks = process.env.POD_NETWORKS.split(' ').map((text) => {
  const [first, length] = text.split('/');
  return { first: number(first), size: 2 ** (32 - Number(length)) };
});
const isPod = (address) =>
  networks.some(({ first, size }) => number(address) > first + 1 && number(address) < first + size - 1);
createServer((request, response) => {
  const seen = request.socket.remoteAddress.replace('::ffff:', '');
  if (request.url === '/healthz') return response.end('ok');
  if (!isPod(seen)) return response.writeHead(403).end('ledger: ' + seen + ' is the address of no pod: refused\\n');
  const nonce = request.headers['x-kubedrill-nonce'] ?? '';
  const own = [request.socket.localAddress.replace('::ffff:', '')];
  response.end(JSON.stringify({ identity: 'shop/' + process.env.POD_NAME, nonce, observed: seen, own }) + '\\n');
}).listen(8080);
`;
